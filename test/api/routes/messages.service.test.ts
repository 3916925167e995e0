import { readFile } from 'node:fs/promises';
import {
  CreateEmailTemplateCommand,
  CreatePushTemplateCommand,
  CreateVoiceTemplateCommand,
  SendUsersMessagesCommand,
  UpdateEmailTemplateCommand,
  UpdateEndpointCommand,
  UpdateVoiceChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { simple, toAnn, useDirectMessages } from '../../support/directMessages.ts';

const { add, addUser, api, appId, enableSmsAndPush, received, send } = useDirectMessages();

describe('e-mail', () => {
  test.skipIf(!awsCliIsThere)('the tutorial’s request by the AWS CLI arrives', async () => {
    const file = new URL('../../../examples/tutorial/07-send-messages.json', import.meta.url);
    const request = await readFile(file, 'utf8');
    const args = ['pinpoint', 'send-messages', '--application-id', appId(), '--message-request', request];
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
    const key = { ApplicationId: appId(), EndpointId: 'visitor' };
    await api.client.send(new UpdateEndpointCommand({ ...key, EndpointRequest }));
    const MessageConfiguration = simple('Hi {{User.UserAttributes.FirstName}}');
    await send({ Endpoints: { visitor: {} }, MessageConfiguration });
    expect(await received()).toMatchObject([{ to: 'visitor@example.com', subject: 'Hi Vi' }]);
  });

  test('an endpoint’s template, with substitutions: recipient over message over template', async () => {
    await addUser('ann', { FirstName: ['Ann'] });
    await add('ann-email', { address: 'ann@example.com', userId: 'ann' });
    await add('bob-email', { address: 'bob@example.com' });
    await api.client.send(
      new CreateEmailTemplateCommand({
        TemplateName: `precedence-${appId()}`,
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
      TemplateConfiguration: { EmailTemplate: { Name: `precedence-${appId()}` } },
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
        TemplateName: `precedence-${appId()}`,
        CreateNewVersion: true,
        EmailTemplateRequest: { Subject: 'second {{a}}', TextPart: 'text' },
      }),
    );
    await send({
      Endpoints: { 'bob-email': { Substitutions: { a: ['<of mine>'] } } },
      TemplateConfiguration: { EmailTemplate: { Name: `precedence-${appId()}`, Version: '2' } },
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
    await add('phone', { channelType: 'GCM', address: 'token-1' });
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
    const ApplicationId = appId();
    await api.client.send(
      new UpdateVoiceChannelCommand({ ApplicationId, VoiceChannelRequest: { Enabled: true } }),
    );
    const VoiceTemplateRequest = { Body: 'Your code is {{code}}', LanguageCode: 'en-US', VoiceId: 'Joanna' };
    await api.client.send(
      new CreateVoiceTemplateCommand({ TemplateName: `${appId()}-call`, VoiceTemplateRequest }),
    );
    const Addresses = { '+15550100': { ChannelType: 'VOICE' as const, Substitutions: { code: ['1 2 3'] } } };
    const VoiceMessage = { Body: 'Hello', OriginationNumber: '+15550199' };
    await send({ Addresses, MessageConfiguration: { VoiceMessage } });
    const VoiceTemplate = { Name: `${appId()}-call` };
    await send({ Addresses, MessageConfiguration: {}, TemplateConfiguration: { VoiceTemplate } });
    expect(await received()).toMatchObject([
      { channel: 'VOICE', to: '+15550100', from: '+15550199', text: 'Hello' },
      { channel: 'VOICE', to: '+15550100', text: 'Your code is 1 2 3' },
    ]);
  });

  test('a push template serves', async () => {
    await enableSmsAndPush();
    const TemplateName = `push-${appId()}`;
    const request = { Default: { Title: 'Hi {{Attributes.Name}}', Body: 'B', Action: 'OPEN_APP' as const } };
    await api.client.send(
      new CreatePushTemplateCommand({ TemplateName, PushNotificationTemplateRequest: request }),
    );
    await add('phone', { channelType: 'GCM', address: 'token-2', attributes: { Name: ['Ann'] } });
    await send({
      Endpoints: { phone: {} },
      MessageConfiguration: {},
      TemplateConfiguration: { PushTemplate: { Name: TemplateName } },
    });
    expect(await received()).toMatchObject([{ channel: 'PUSH', title: 'Hi Ann' }]);
  });
});

describe('SendUsersMessages', () => {
  test('every active endpoint of a user that the message has something for', async () => {
    await enableSmsAndPush();
    await addUser('ann', { FirstName: ['Ann'] });
    await add('ann-email', { address: 'ann@example.com', userId: 'ann' });
    await add('ann-old', { address: 'old@example.com', userId: 'ann', status: 'INACTIVE' });
    await add('ann-out', { address: 'out@example.com', userId: 'ann', optOut: 'ALL' });
    await add('ann-phone', { channelType: 'GCM', address: 'token', userId: 'ann' });
    const answer = await api.client.send(
      new SendUsersMessagesCommand({
        ApplicationId: appId(),
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
