import { readFile } from 'node:fs/promises';
import {
  CreateAppCommand,
  CreateEmailTemplateCommand,
  CreatePushTemplateCommand,
  CreateVoiceTemplateCommand,
  type MessageRequest,
  SendMessagesCommand,
  SendUsersMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEmailTemplateCommand,
  UpdateEndpointCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
  UpdateVoiceChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import { createUpstream } from '../../../src/channels/upstreamPinpoint.ts';
import { createLog } from '../../../src/log.ts';
import { startTestApi, type TestApi, testClient } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { cloneDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestMailbox, type TestMailbox } from '../../support/mailbox.ts';
import { markAsSameCall, sendWithKey } from '../../support/sameCall.ts';

let database: TestDatabase;
let mailbox: TestMailbox;
let api: TestApi;
let appId: string;

beforeAll(async () => {
  [database, mailbox] = await Promise.all([cloneDatabase(), startTestMailbox()]);
  const { config } = mailbox;
  const sender = createSender(config, createLog('silent'), { timeoutMs: 1000 });
  api = await startTestApi(database, { deps: { config, sender, upstream: createUpstream(config) } });
  mailbox.pointAt(api.url);
});
afterAll(async () => {
  await api.close();
  await mailbox.close();
  await database.drop();
});

beforeEach(async () => {
  mailbox.inject();
  const created = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'App' } }));
  appId = created.ApplicationResponse?.Id ?? '';
  const EmailChannelRequest = { FromAddress: 'us@example.com', Identity: 'arn', Enabled: true };
  await api.client.send(new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest }));
});

async function enableSmsAndPush(): Promise<void> {
  const SMSChannelRequest = { Enabled: true, SenderId: 'MyApp' };
  await api.client.send(new UpdateSmsChannelCommand({ ApplicationId: appId, SMSChannelRequest }));
  const GCMChannelRequest = { ApiKey: 'key', Enabled: true };
  await api.client.send(new UpdateGcmChannelCommand({ ApplicationId: appId, GCMChannelRequest }));
}

interface GivenEndpoint {
  id: string;
  channel: string;
  address: string;
  user?: string;
  optOut?: string;
  status?: string;
  attributes?: Record<string, string[]>;
}

async function putEndpoint(given: GivenEndpoint): Promise<void> {
  const now = new Date();
  await database.db
    .insertInto('endpoint')
    .values({
      app_id: appId,
      id: given.id,
      user_id: given.user ?? null,
      channel_type: given.channel,
      address: given.address,
      status: given.status ?? 'ACTIVE',
      opt_out: given.optOut ?? 'NONE',
      attributes: JSON.stringify(given.attributes ?? {}),
      cohort: 1,
      effective_date: now,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

async function putUser(id: string, attributes: Record<string, string[]>): Promise<void> {
  await database.db
    .insertInto('app_user')
    .values({ app_id: appId, id, attributes: JSON.stringify(attributes), updated_at: new Date() })
    .execute();
}

async function send(MessageRequest: MessageRequest, client = api.client) {
  const answer = await client.send(new SendMessagesCommand({ ApplicationId: appId, MessageRequest }));
  return answer.MessageResponse;
}

const simple = (Subject: string, HtmlPart?: string) => ({
  EmailMessage: {
    SimpleEmail: { Subject: { Data: Subject }, HtmlPart: { Data: HtmlPart ?? `<p>${Subject}</p>` } },
  },
});
const toAnn = { 'ann@example.com': { ChannelType: 'EMAIL' as const } };
const received = async () => (await mailbox.messages()).filter((message) => message.appId === appId);

describe('e-mail', () => {
  test.skipIf(!awsCliIsThere)('the tutorial’s request by the AWS CLI arrives', async () => {
    const file = new URL('../../../examples/tutorial/07-send-messages.json', import.meta.url);
    const request = await readFile(file, 'utf8');
    const args = ['pinpoint', 'send-messages', '--application-id', appId, '--message-request', request];
    const answer = await aws(api.url, args);
    expect(answer.MessageResponse.Result['user@example.com']).toMatchObject({
      DeliveryStatus: 'SUCCESSFUL',
      StatusCode: 200,
      StatusMessage: expect.stringMatching(/^MessageId: .+/),
    });
    expect(await received()).toMatchObject([
      {
        channel: 'EMAIL',
        to: 'user@example.com',
        from: 'us@example.com',
        subject: 'Your password has been reset',
        text: 'Your password was successfully reset.',
      },
    ]);
  });

  test('an endpoint without a user is addressed by the user attributes it has of its own', async () => {
    const EndpointRequest = {
      ChannelType: 'EMAIL' as const,
      Address: 'visitor@example.com',
      User: { UserAttributes: { FirstName: ['Vi'] } },
    };
    const key = { ApplicationId: appId, EndpointId: 'visitor' };
    await api.client.send(new UpdateEndpointCommand({ ...key, EndpointRequest }));
    const MessageConfiguration = simple('Hi {{User.UserAttributes.FirstName}}');
    await send({ Endpoints: { visitor: {} }, MessageConfiguration });
    expect(await received()).toMatchObject([{ to: 'visitor@example.com', subject: 'Hi Vi' }]);
  });

  test('an endpoint’s template, with substitutions: recipient over message over template', async () => {
    await putUser('ann', { FirstName: ['Ann'] });
    await putEndpoint({ id: 'ann-email', channel: 'EMAIL', address: 'ann@example.com', user: 'ann' });
    await putEndpoint({ id: 'bob-email', channel: 'EMAIL', address: 'bob@example.com' });
    await api.client.send(
      new CreateEmailTemplateCommand({
        TemplateName: `precedence-${appId}`,
        EmailTemplateRequest: {
          Subject: '{{User.UserAttributes.FirstName}} {{a}} {{b}} {{c}}',
          TextPart: 'text',
          DefaultSubstitutions:
            '{"a":"default","b":"default","c":"default","User.UserAttributes.FirstName":"friend"}',
        },
      }),
    );
    const response = await send({
      Endpoints: { 'ann-email': { Substitutions: { c: ['recipient'] } }, 'bob-email': {} },
      TemplateConfiguration: { EmailTemplate: { Name: `precedence-${appId}` } },
      MessageConfiguration: { EmailMessage: { Substitutions: { b: ['message'], c: ['message'] } } },
    });
    expect(response?.EndpointResult?.['ann-email']).toMatchObject({
      Address: 'ann@example.com',
      DeliveryStatus: 'SUCCESSFUL',
    });
    const subjects = (await received()).map(({ to, subject }) => [to, subject]).sort();
    expect(subjects).toEqual([
      ['ann@example.com', 'Ann default message recipient'],
      ['bob@example.com', 'friend default message message'],
    ]);
    await api.client.send(
      new UpdateEmailTemplateCommand({
        TemplateName: `precedence-${appId}`,
        CreateNewVersion: true,
        EmailTemplateRequest: { Subject: 'second {{a}}', TextPart: 'text' },
      }),
    );
    await send({
      Endpoints: { 'bob-email': { Substitutions: { a: ['<of mine>'] } } },
      TemplateConfiguration: { EmailTemplate: { Name: `precedence-${appId}`, Version: '2' } },
      MessageConfiguration: {},
    });
    expect((await received()).at(-1)).toMatchObject({ to: 'bob@example.com', subject: 'second <of mine>' });
  });

  test('a raw e-mail goes as it is, and one without a body does not go', async () => {
    const Data = Buffer.from('Subject: Raw\r\n\r\nbody {{not a variable}}');
    const raw = await send({
      Addresses: toAnn,
      MessageConfiguration: { EmailMessage: { RawEmail: { Data } } },
    });
    expect(raw?.Result?.['ann@example.com']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(await received()).toMatchObject([{ to: 'ann@example.com' }]);
    const empty = await send({ Addresses: toAnn, MessageConfiguration: { EmailMessage: {} } });
    expect(empty?.Result?.['ann@example.com']).toMatchObject({
      DeliveryStatus: 'PERMANENT_FAILURE',
      StatusMessage: 'The message has no content',
    });
  });
});

describe('SMS and push', () => {
  test('each address gets the form of its channel', async () => {
    await enableSmsAndPush();
    await putEndpoint({ id: 'phone', channel: 'GCM', address: 'token-1' });
    const response = await send({
      Addresses: { '+15550100': { ChannelType: 'SMS', Substitutions: { code: ['42'] } } },
      Endpoints: { phone: { TitleOverride: 'For you' } },
      MessageConfiguration: {
        SMSMessage: { Body: 'Code {{code}}', MessageType: 'TRANSACTIONAL' },
        DefaultPushNotificationMessage: { Title: 'All', Body: 'Hello', Action: 'OPEN_APP' },
        GCMMessage: { Body: 'Hello Android', Data: { k: 'v' }, Priority: 'high' },
      },
    });
    expect(response?.Result?.['+15550100']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(response?.EndpointResult?.phone?.DeliveryStatus).toBe('SUCCESSFUL');
    const messages = await received();
    expect(messages.find(({ channel }) => channel === 'SMS')).toMatchObject({
      to: '+15550100',
      body: 'Code 42',
    });
    expect(messages.find(({ channel }) => channel === 'PUSH')).toMatchObject({
      title: 'For you',
      body: 'Hello Android',
      endpointId: 'phone',
    });
  });

  test('a call reads out what the voice message or a voice template says', async () => {
    const ApplicationId = appId;
    await api.client.send(
      new UpdateVoiceChannelCommand({ ApplicationId, VoiceChannelRequest: { Enabled: true } }),
    );
    const VoiceTemplateRequest = { Body: 'Your code is {{code}}', LanguageCode: 'en-US', VoiceId: 'Joanna' };
    await api.client.send(
      new CreateVoiceTemplateCommand({ TemplateName: `${appId}-call`, VoiceTemplateRequest }),
    );
    const Addresses = { '+15550100': { ChannelType: 'VOICE' as const, Substitutions: { code: ['1 2 3'] } } };
    const VoiceMessage = { Body: 'Hello', OriginationNumber: '+15550199' };
    await send({ Addresses, MessageConfiguration: { VoiceMessage } });
    const VoiceTemplate = { Name: `${appId}-call` };
    await send({ Addresses, MessageConfiguration: {}, TemplateConfiguration: { VoiceTemplate } });
    expect(await received()).toMatchObject([
      { channel: 'VOICE', to: '+15550100', from: '+15550199', text: 'Hello' },
      { channel: 'VOICE', to: '+15550100', text: 'Your code is 1 2 3' },
    ]);
  });

  test('a push template serves', async () => {
    await enableSmsAndPush();
    const TemplateName = `push-${appId}`;
    const request = { Default: { Title: 'Hi {{Attributes.Name}}', Body: 'B', Action: 'OPEN_APP' as const } };
    await api.client.send(
      new CreatePushTemplateCommand({ TemplateName, PushNotificationTemplateRequest: request }),
    );
    await putEndpoint({ id: 'phone', channel: 'GCM', address: 'token-2', attributes: { Name: ['Ann'] } });
    await send({
      Endpoints: { phone: {} },
      MessageConfiguration: {},
      TemplateConfiguration: { PushTemplate: { Name: TemplateName } },
    });
    expect(await received()).toMatchObject([{ channel: 'PUSH', title: 'Hi Ann' }]);
  });
});

describe('each recipient has an answer of its own', () => {
  test('opted out, inactive, doubled, unknown, channel off, no message: one request, nobody else is touched', async () => {
    await putEndpoint({ id: 'out', channel: 'EMAIL', address: 'out@example.com', optOut: 'ALL' });
    await putEndpoint({ id: 'off', channel: 'EMAIL', address: 'off@example.com', status: 'INACTIVE' });
    await putEndpoint({ id: 'double', channel: 'EMAIL', address: 'ANN@example.com' });
    const tooLong = `${'é'.repeat(1000)}@`;
    const response = await send({
      Addresses: {
        ...toAnn,
        '+15550101': { ChannelType: 'SMS' },
        '+15550102': { ChannelType: 'VOICE' },
        nothing: {},
        ' ': { ChannelType: 'EMAIL' },
        [tooLong]: { ChannelType: 'EMAIL' },
      },
      Endpoints: { out: {}, off: {}, double: {}, missing: {} },
      MessageConfiguration: { ...simple('Hi'), SMSMessage: { Body: 'Hi' } },
    });
    const status = (
      result: { DeliveryStatus?: string; StatusCode?: number; StatusMessage?: string } | undefined,
    ) => [result?.DeliveryStatus, result?.StatusCode, result?.StatusMessage];
    const { Result, EndpointResult } = response ?? {};
    expect(Result?.['ann@example.com']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(status(Result?.['+15550101'])).toEqual([
      'PERMANENT_FAILURE',
      400,
      expect.stringMatching(/SMS channel .* not enabled/),
    ]);
    expect(status(Result?.['+15550102'])).toEqual(['PERMANENT_FAILURE', 400, expect.stringMatching(/VOICE/)]);
    expect(status(Result?.nothing)).toEqual(['PERMANENT_FAILURE', 400, expect.stringMatching(/ChannelType/)]);
    expect(status(Result?.[' '])).toEqual(['PERMANENT_FAILURE', 400, 'The address is empty']);
    expect(status(Result?.[tooLong])).toEqual([
      'PERMANENT_FAILURE',
      400,
      expect.stringMatching(/2000 bytes/),
    ]);
    expect(status(EndpointResult?.out)).toEqual(['OPT_OUT', 400, expect.stringMatching(/opted out/)]);
    expect(status(EndpointResult?.off)).toEqual(['OPT_OUT', 400, expect.stringMatching(/inactive/)]);
    expect(status(EndpointResult?.double)).toEqual(['DUPLICATE', 400, expect.any(String)]);
    expect(status(EndpointResult?.missing)).toEqual(['PERMANENT_FAILURE', 404, expect.any(String)]);
    expect((await received()).map(({ to }) => to)).toEqual(['ann@example.com']);
  });

  test('what the provider says is told: throttled, refused, unknown', async () => {
    const answers = { throttled: 429, refused: 400, unknown: 500 } as const;
    mailbox.inject(({ message }) => {
      const status = answers[message.to.split('@')[0] as keyof typeof answers];
      if (status === undefined) return undefined;
      const code = status === 429 ? 'TooManyRequestsException' : 'MessageRejected';
      return { kind: 'status', status, code };
    });
    const Addresses = Object.fromEntries(
      ['throttled', 'refused', 'unknown', 'fine'].map((name) => [
        `${name}@x.example`,
        { ChannelType: 'EMAIL' as const },
      ]),
    );
    const response = await send({ Addresses, MessageConfiguration: simple('Hi') });
    const statuses = Object.entries(response?.Result ?? {}).map(([to, one]) => [
      to.split('@')[0],
      one.DeliveryStatus,
      one.StatusCode,
    ]);
    expect(Object.fromEntries(statuses.map(([to, ...rest]) => [to, rest]))).toEqual({
      throttled: ['THROTTLED', 429],
      refused: ['PERMANENT_FAILURE', 400],
      unknown: ['UNKNOWN_FAILURE', 500],
      fine: ['SUCCESSFUL', 200],
    });
  });

  test('a template that is missing or cannot be rendered fails those it is for, with the reason', async () => {
    const missing = await send({
      Addresses: toAnn,
      MessageConfiguration: {},
      TemplateConfiguration: { EmailTemplate: { Name: 'nowhere', Version: '3' } },
    });
    expect(missing?.Result?.['ann@example.com']).toMatchObject({
      DeliveryStatus: 'PERMANENT_FAILURE',
      StatusMessage: 'There is no EMAIL template nowhere, version 3',
    });
    const poison = await send({ Addresses: toAnn, MessageConfiguration: simple('{{divide 1 0}}') });
    expect(poison?.Result?.['ann@example.com']?.StatusMessage).toMatch(/divide/);
  });
});

describe('the request as a whole', () => {
  test('no recipient, too many, an in-app template and a text that does not compile are 400s that say so', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 101 }, (_, n) => [`${n}@x.example`, { ChannelType: 'EMAIL' as const }]),
    );
    const refused: [MessageRequest, RegExp][] = [
      [{ MessageConfiguration: simple('Hi') }, /1 to 100 recipients; given 0/],
      [{ Addresses: many, MessageConfiguration: simple('Hi') }, /1 to 100 recipients; given 101/],
      [
        {
          Addresses: toAnn,
          MessageConfiguration: {},
          TemplateConfiguration: { InAppTemplate: { Name: 'x' } },
        },
        /InAppTemplate/,
      ],
      [{ Addresses: toAnn, MessageConfiguration: simple('{{#if}}') }, /EMAIL Subject: Parse error/],
    ];
    for (const [request, reason] of refused) await expect(send(request)).rejects.toThrow(reason);
    expect(await received()).toEqual([]);
  });

  test('a client’s retry of one call sends nothing twice and gets the first answer', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, `retry-${appId}`);
    const request = { Addresses: toAnn, MessageConfiguration: simple('Once') };
    const [first, beside] = await Promise.all([send(request, client), send(request, client)]);
    const again = await send(request, client);
    const id = first?.Result?.['ann@example.com']?.MessageId;
    expect(id).toBeDefined();
    for (const answer of [beside, again]) expect(answer?.Result?.['ann@example.com']?.MessageId).toBe(id);
    expect(await received()).toHaveLength(1);
    await send({ ...request, MessageConfiguration: simple('Another') }, client);
    expect(await received()).toHaveLength(2);
    client.destroy();
  });

  test('a key of the caller’s own wins over the SDK’s: one message, the first answer, and no other body', async () => {
    const client = testClient(api.url);
    sendWithKey(client, `order-${appId}`);
    const request = { Addresses: toAnn, MessageConfiguration: simple('Once') };
    const first = await send(request, client);
    const { MessageConfiguration, Addresses } = request;
    expect((await send({ MessageConfiguration, Addresses }, client))?.Result).toEqual(first?.Result);
    const another = { ...request, MessageConfiguration: simple('Another') };
    await expect(send(another, client)).rejects.toMatchObject({ name: 'ConflictException' });
    expect(await received()).toHaveLength(1);
    client.destroy();
  });

  test('Context comes back with a message’s events and goes to the device with a push; a recipient’s own wins', async () => {
    await enableSmsAndPush();
    const own = { ChannelType: 'EMAIL' as const, Context: { order: '2', coupon: 'X' } };
    const Addresses = { 'ann@example.com': own, token: { ChannelType: 'GCM' as const } };
    const DefaultMessage = { Body: 'Hi' };
    const request = {
      Addresses,
      MessageConfiguration: { DefaultMessage },
      Context: { order: '1', shop: 's' },
    };
    await send(request);
    const byTo = new Map((await received()).map((message) => [message.to, message]));
    expect(byTo.get('token')?.tags).toMatchObject({ order: '1', shop: 's', repoint_app: appId });
    await mailbox.play(byTo.get('ann@example.com')?.id ?? '', 'open');
    const events = database.db.selectFrom('event').select('attributes').where('app_id', '=', appId);
    const opened = await events.where('type', '=', '_email.open').executeTakeFirst();
    const context = { order: '2', coupon: 'X', shop: 's' };
    expect(opened?.attributes).toMatchObject({ ...context, feedback: 'opened' });
    expect(JSON.parse(opened?.attributes.customer_context ?? '')).toEqual(context);
  });

  test('a Context that is too long is a 400 that names whose it is', async () => {
    const long = { ChannelType: 'EMAIL' as const, Context: { a: 'x'.repeat(4000) } };
    const sending = send({ Addresses: { 'ann@example.com': long }, MessageConfiguration: simple('Hi') });
    await expect(sending).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(/Addresses\.ann@example\.com\.Context.*4000.*given 4008/),
    });
  });

  test('every message is in the ledger, and the provider’s report settles it', async () => {
    await send({ Addresses: toAnn, MessageConfiguration: simple('Hi') });
    const [message] = await received();
    await mailbox.play(message?.id ?? '', 'delivery');
    const rows = await database.db.selectFrom('message').selectAll().where('app_id', '=', appId).execute();
    expect(rows).toMatchObject([
      {
        owner_kind: 'request',
        step: 'send',
        recipient: 'ann@example.com',
        class: 'transactional',
        state: 'delivered',
      },
    ]);
  });
});

describe('SendUsersMessages', () => {
  test('every active endpoint of a user that the message has something for', async () => {
    await enableSmsAndPush();
    await putUser('ann', { FirstName: ['Ann'] });
    await putEndpoint({ id: 'ann-email', channel: 'EMAIL', address: 'ann@example.com', user: 'ann' });
    await putEndpoint({
      id: 'ann-old',
      channel: 'EMAIL',
      address: 'old@example.com',
      user: 'ann',
      status: 'INACTIVE',
    });
    await putEndpoint({
      id: 'ann-out',
      channel: 'EMAIL',
      address: 'out@example.com',
      user: 'ann',
      optOut: 'ALL',
    });
    await putEndpoint({ id: 'ann-phone', channel: 'GCM', address: 'token', user: 'ann' });
    const answer = await api.client.send(
      new SendUsersMessagesCommand({
        ApplicationId: appId,
        SendUsersMessageRequest: {
          Users: { ann: {}, nobody: {} },
          MessageConfiguration: simple('Hello {{User.UserAttributes.FirstName}}'),
        },
      }),
    );
    expect(answer.SendUsersMessageResponse?.Result).toMatchObject({
      ann: {
        'ann-email': { DeliveryStatus: 'SUCCESSFUL', Address: 'ann@example.com' },
        'ann-out': { DeliveryStatus: 'OPT_OUT' },
      },
      nobody: {},
    });
    expect(Object.keys(answer.SendUsersMessageResponse?.Result?.ann ?? {})).toHaveLength(2);
    expect(await received()).toMatchObject([{ to: 'ann@example.com', subject: 'Hello Ann' }]);
  });
});
