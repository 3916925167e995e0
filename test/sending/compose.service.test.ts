import { beforeAll, expect, test } from 'vitest';
import { insertTemplate } from '../../src/db/templates.ts';
import { channelProblem, channelSettings } from '../../src/sending/channelSettings.ts';
import { outgoing } from '../../src/sending/compose.ts';
import { loadTemplate, renderTemplate, variablesOf } from '../../src/sending/render.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-03-01T10:00:00Z');

const database = useDatabase();
beforeAll(async () => {
  const dates = { created_at: now, modified_at: now };
  await database.db
    .insertInto('app')
    .values({ id: 'app', name: 'App', upstream_app_id: 'up', ...dates })
    .execute();
  const settings = JSON.stringify({ FromAddress: 'us@example.com', ConfigurationSet: 'set' });
  await database.db
    .insertInto('channel')
    .values({ app_id: 'app', kind: 'EMAIL', enabled: true, settings, version: 1, ...dates })
    .execute();
  const document = {
    Subject: 'Hello {{User.UserAttributes.FirstName}}',
    HtmlPart: '<p>{{Attributes.Plan}}</p>',
    DefaultSubstitutions: '{"User":{"UserAttributes":{"FirstName":"friend"}}}',
  };
  await database.db
    .transaction()
    .execute((tx) => insertTemplate(tx, { name: 'welcome', type: 'EMAIL' }, document, {}, now));
});

const claim = {
  messageId: '01930000-0000-7000-8000-000000000001-1-1',
  recipient: {
    recipient: 'ann-email',
    endpointId: 'ann-email',
    participant: null,
    channelType: 'EMAIL',
    address: 'ann@example.com',
  },
};

test('a stored template becomes the message of one endpoint, with the channel’s own settings', async () => {
  const template = await loadTemplate(database.db, 'EMAIL', 'welcome');
  if (template === null) throw new Error('the template is there');
  const endpoint = { address: 'ann@example.com', channel_type: 'EMAIL', attributes: { Plan: ['a<b'] } };
  const variables = variablesOf(endpoint, null, { defaults: template.defaults });
  const rendered = renderTemplate(template, variables, 'EMAIL');
  const settings = await channelSettings(database.db, 'app', 'EMAIL');
  expect(channelProblem(settings)).toBeNull();
  expect(outgoing(rendered, claim, { endpointId: 'ann-email' }, settings)).toEqual({
    channel: 'EMAIL',
    messageId: claim.messageId,
    appId: 'app',
    origin: { endpointId: 'ann-email' },
    from: 'us@example.com',
    to: 'ann@example.com',
    configurationSet: 'set',
    content: { kind: 'simple', subject: 'Hello friend', html: '<p>a&lt;b</p>', text: 'a<b' },
  });
});

test.each(['missing', 'welcome'])('a template or version that is not there is null: %s', async (name) => {
  for (const version of ['2', '0', '-1', 'x', '99999999999']) {
    expect(await loadTemplate(database.db, 'EMAIL', name, version)).toBeNull();
  }
  expect(await loadTemplate(database.db, 'SMS', name)).toBeNull();
});

test('the addresses of an e-mail have one line, whatever was stored', () => {
  const settings = { appId: 'app', channelType: 'EMAIL', enabled: true, upstreamAppId: null };
  const rendered = { channel: 'EMAIL', subject: 's', text: 't' } as const;
  const choices = { fromAddress: 'a\r\nBcc: x <a@example.com>', replyTo: ['b\nc@example.com'] };
  const recipient = { ...claim.recipient, address: 'ann@example.com\r\nBcc: eve@example.com' };
  expect(outgoing(rendered, { ...claim, recipient }, {}, settings, choices)).toMatchObject({
    from: 'a Bcc: x <a@example.com>',
    to: 'ann@example.com Bcc: eve@example.com',
    replyTo: ['b c@example.com'],
  });
});

test('a channel that was never set up is not enabled, and the reason is told', async () => {
  const settings = await channelSettings(database.db, 'app', 'APNS');
  expect(settings).toMatchObject({ enabled: false, upstreamAppId: 'up' });
  expect(channelProblem(settings)).toMatch(/APNS channel .* not enabled/);
});

test('an e-mail channel without an address needs one from the message', () => {
  const settings = { appId: 'app', channelType: 'EMAIL', enabled: true, upstreamAppId: null };
  expect(channelProblem(settings)).toMatch(/FromAddress/);
  expect(channelProblem(settings, { fromAddress: '' })).toMatch(/FromAddress/);
  expect(channelProblem(settings, { fromAddress: 'me@example.com' })).toBeNull();
});

test('an empty sender is none: the channel’s own stands in', () => {
  const settings = { appId: 'app', channelType: 'EMAIL', enabled: true, upstreamAppId: 'up' };
  const rendered = { channel: 'EMAIL', subject: 's', text: 't' } as const;
  const email = { ...settings, fromAddress: 'us@example.com' };
  expect(outgoing(rendered, claim, {}, email, { fromAddress: '' })).toMatchObject({ from: 'us@example.com' });
  const sms = { ...settings, senderId: 'Shop' };
  const choices = { senderId: '' };
  expect(outgoing({ channel: 'SMS', body: 'b' }, claim, {}, sms, choices)).toMatchObject({
    senderId: 'Shop',
  });
});
