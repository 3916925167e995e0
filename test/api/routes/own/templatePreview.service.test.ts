import {
  CreateEmailTemplateCommand,
  CreatePushTemplateCommand,
  UpdateEmailTemplateCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, expect, it } from 'vitest';
import type { Preview } from '../../../../src/api/routes/templates/templatePreview.ts';
import { previewLines } from '../../../../src/cli/previewText.ts';
import { readConfig } from '../../../../src/config.ts';
import { createApp, useApi } from '../../../support/api.ts';
import { addEndpoint } from '../../../support/audience.ts';
import { useDatabase } from '../../../support/database.ts';
import { testSettings } from '../../../support/deps.ts';
import { callSigned } from '../../../support/signedRequest.ts';

const links = {
  REPOINT_PUBLIC_URL: 'https://mail.example',
  REPOINT_UNSUBSCRIBE_KEYS: 'a secret of these tests',
};
let appId: string;
const database = useDatabase();
const api = useApi(database, { deps: { config: readConfig({ ...testSettings, ...links }) } });
beforeAll(async () => {
  appId = await createApp(api.client);
  await addEndpoint(database.db, appId, 'ann', { attributes: { Name: ['<Ann>'] } });
  const TemplateName = 'tips';
  const html = '<p>{{Attributes.Name}}</p><a href="{{repoint.unsubscribeUrl}}">x</a>';
  await api.client.send(
    new CreateEmailTemplateCommand({
      TemplateName,
      EmailTemplateRequest: {
        Subject: 'For {{Attributes.Name}}',
        HtmlPart: html,
        DefaultSubstitutions: '{"Attributes":{"Name":"you"}}',
      },
    }),
  );
  await api.client.send(
    new UpdateEmailTemplateCommand({
      TemplateName,
      CreateNewVersion: true,
      EmailTemplateRequest: { Subject: '{{divide 1 0}}{{Nmae}}', TextPart: 'x' },
    }),
  );
  await api.client.send(
    new CreatePushTemplateCommand({
      TemplateName,
      PushNotificationTemplateRequest: {
        Default: { Title: 'Hi', Body: '{{Attributes.Name}}' },
        APNS: { Title: 'Hey' },
      },
    }),
  );
});

async function preview(type: string, query: Record<string, string> = {}, name = 'tips') {
  const target = `/repoint/v1/templates/${name}/${type}/preview?${new URLSearchParams(query)}`;
  const { status, body } = await callSigned(api.url, { method: 'GET', target, body: '' });
  return { status, answer: JSON.parse(body) as Preview & { Message: string } };
}

it('shows an endpoint’s e-mail as a journey would send it, and a link that does nothing', async () => {
  const { answer } = await preview('email', { 'application-id': appId, endpoint: 'ann' });
  const [message] = answer.Messages;
  expect(message?.Message).toMatchObject({
    Subject: 'For <Ann>',
    HtmlPart: expect.stringContaining('<p>&lt;Ann&gt;</p>'),
    TextPart: expect.stringContaining('<Ann>'),
    Headers: [{ Name: 'List-Unsubscribe' }, { Name: 'List-Unsubscribe-Post' }],
  });
  expect(answer.Warnings).toEqual(['TextPart: none; one is made of the HTML for each recipient']);
  const link = /href="https:\/\/mail\.example([^"]+)"/.exec(String(message?.Message?.HtmlPart))?.[1];
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  expect((await fetch(`${api.url}${link}`, { method: 'POST', body })).status).toBe(404);
});

it('shows defaults where nobody is named, and why a version would not be sent', async () => {
  const { answer } = await preview('email');
  expect(answer).toMatchObject({
    Version: '1',
    EndpointId: null,
    Messages: [{ Message: { Subject: 'For you' } }],
  });
  const second = await preview('email', { version: '2' });
  expect(second.status).toBe(200);
  expect(previewLines(second.answer)).toEqual([
    'EMAIL template tips, version 2, for somebody of whom nothing is known',
    '',
    '--- EMAIL',
    'it would not be sent: TEMPLATE_FAILED: divide: there is no result',
    '',
    'warning  {{Nmae}}: no message has it; it renders as nothing, unless Substitutions give it',
  ]);
});

it('shows a push for each platform, those that get the same together', async () => {
  const { answer } = await preview('PUSH', { 'application-id': appId, endpoint: 'ann' });
  expect(previewLines(answer)).toEqual([
    'PUSH template tips, version 1, for endpoint ann',
    '',
    '--- APNS',
    'Title: Hey',
    'Body: <Ann>',
    '',
    '--- GCM, ADM, BAIDU',
    'Title: Hi',
    'Body: <Ann>',
  ]);
});

it.each<[number, string, Record<string, string>, RegExp]>([
  [404, 'sms', {}, /SMS template tips/],
  [404, 'email', { version: '9' }, /version 9 of EMAIL template tips/],
  [404, 'email', { version: 'x' }, /version x/],
  [404, 'email', { 'application-id': 'none', endpoint: 'ann' }, /endpoint ann/],
  [400, 'email', { endpoint: 'ann' }, /application-id: must be given/],
  [400, 'fax', {}, /must be one of EMAIL/],
  [400, 'inapp', {}, /in-app template has no variables/],
  [400, 'email', { endpont: 'ann' }, /endpont/],
])('answers %i to what it cannot show: %s %j', async (status, type, query, reason) => {
  const answer = await preview(type, query);
  expect([answer.status, answer.answer.Message]).toEqual([status, expect.stringMatching(reason)]);
});
