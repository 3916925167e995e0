import {
  DeleteEmailChannelCommand,
  DeleteGcmChannelCommand,
  GetApnsChannelCommand,
  GetChannelsCommand,
  GetEmailChannelCommand,
  GetSmsChannelCommand,
  PhoneNumberValidateCommand,
  UpdateApnsChannelCommand,
  UpdateEmailChannelCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
  VerifyOTPMessageCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../../src/api/handler.ts';
import { channelHandlers } from '../../../../src/api/routes/channels/channels.ts';
import type { Upstream } from '../../../../src/channels/upstream/upstream.ts';
import { readConfig } from '../../../../src/config.ts';
import { RepointError } from '../../../../src/domain/errors.ts';
import { createApp, useApi } from '../../../support/api.ts';
import { aws, awsCliIsThere } from '../../../support/awsCli.ts';
import { useDatabase } from '../../../support/database.ts';
import { testSettings } from '../../../support/deps.ts';

/** Upstream's door, recording what passes through it. */
const passed: { name: string; args: unknown[] }[] = [];
const upstream: Upstream = {
  createApp: async (name) => {
    passed.push({ name: 'createApp', args: [name] });
    return `upstream-${passed.length}`;
  },
  updateChannel: async (...args) => {
    passed.push({ name: 'updateChannel', args });
    return { hasCredential: true };
  },
  deleteChannel: async (...args) => {
    passed.push({ name: 'deleteChannel', args });
  },
  verifyOtp: async (input) => {
    passed.push({ name: 'verifyOtp', args: [input] });
    return { VerificationResponse: { Valid: true } };
  },
  validatePhoneNumber: async (input) => {
    if (input.NumberValidateRequest?.PhoneNumber === 'refused') {
      throw new RepointError('BadRequest', 'Upstream does not take it');
    }
    return { NumberValidateResponse: { PhoneType: 'MOBILE' } };
  },
};

let appId: string;
const database = useDatabase();
const api = useApi(database, { deps: { upstream } });
beforeEach(async () => {
  passed.length = 0;
  appId = await createApp(api.client);
});

const emailRequest = {
  FromAddress: 'notifications@yourapp.com',
  Identity: 'arn:aws:ses:us-east-1:123456789012:identity/yourapp.com',
  Enabled: true,
};

describe('e-mail and SMS channels', () => {
  it.each([
    [{}, [expect.stringContaining('reports nothing')]],
    [{ ConfigurationSet: 'repoint' }, []],
  ])('warn where nothing would be heard of what is sent: %j', async (change, expected) => {
    const warnings: string[] = [];
    const config = readConfig({ ...testSettings, REPOINT_DELIVERY: 'live' });
    const warn = (text: string) => void warnings.push(text);
    const call: Partial<Call> = { deps: { ...api.deps, config }, accessKeyId: 'K', warn };
    const input = { ApplicationId: appId, EmailChannelRequest: { ...emailRequest, ...change } };
    await channelHandlers.UpdateEmailChannel(input, call as Call);
    expect(warnings).toEqual(expected);
  });

  it('are kept as sent, counted up by each update, and answered after a delete one last time', async () => {
    const update = new UpdateEmailChannelCommand({
      ApplicationId: appId,
      EmailChannelRequest: emailRequest,
    });
    await api.client.send(update);
    const { EmailChannelResponse: updated } = await api.client.send(update);
    expect(updated).toMatchObject({
      ...emailRequest,
      ApplicationId: appId,
      Id: 'email',
      Platform: 'EMAIL',
      Version: 2,
      IsArchived: false,
    });
    const read = await api.client.send(new GetEmailChannelCommand({ ApplicationId: appId }));
    expect(read.EmailChannelResponse).toEqual(updated);
    const deleted = await api.client.send(new DeleteEmailChannelCommand({ ApplicationId: appId }));
    expect(deleted.EmailChannelResponse).toEqual(updated);
    await expect(api.client.send(new GetEmailChannelCommand({ ApplicationId: appId }))).rejects.toMatchObject(
      { name: 'NotFoundException' },
    );
  });

  it('are disabled when the request does not say', async () => {
    await api.client.send(
      new UpdateSmsChannelCommand({ ApplicationId: appId, SMSChannelRequest: { SenderId: 'MyApp' } }),
    );
    const { SMSChannelResponse } = await api.client.send(new GetSmsChannelCommand({ ApplicationId: appId }));
    expect(SMSChannelResponse).toMatchObject({ Enabled: false, SenderId: 'MyApp', Platform: 'SMS' });
  });

  it('of SMS are set up upstream too, where the messages leave', async () => {
    const SMSChannelRequest = { SenderId: 'MyApp', Enabled: true };
    await api.client.send(new UpdateSmsChannelCommand({ ApplicationId: appId, SMSChannelRequest }));
    expect(passed.at(-1)).toEqual({ name: 'updateChannel', args: ['upstream-1', 'SMS', SMSChannelRequest] });
  });

  it('400 names every required member that is missing', async () => {
    await expect(
      api.client.send(
        new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest: {} as never }),
      ),
    ).rejects.toMatchObject({ message: 'FromAddress: is required; Identity: is required' });
  });
});

const apnsRequest = {
  BundleId: 'com.yourapp.ios',
  Certificate: '-----BEGIN CERTIFICATE-----recognisable',
  PrivateKey: '-----BEGIN PRIVATE KEY-----recognisable',
  Enabled: true,
};

describe('push channels', () => {
  it('pass their credentials on to an upstream app and neither keep nor answer them', async () => {
    const updated = await api.client.send(
      new UpdateApnsChannelCommand({ ApplicationId: appId, APNSChannelRequest: apnsRequest }),
    );
    const read = await api.client.send(new GetApnsChannelCommand({ ApplicationId: appId }));
    const stored = await database.db.selectFrom('channel').selectAll().execute();
    expect(passed).toEqual([
      { name: 'createApp', args: [`repoint-${appId}`] },
      { name: 'updateChannel', args: ['upstream-1', 'APNS', apnsRequest] },
    ]);
    expect(updated.APNSChannelResponse).toMatchObject({
      Enabled: true,
      HasCredential: true,
      Platform: 'APNS',
    });
    expect(JSON.stringify([updated, read, stored])).not.toContain('recognisable');
  });

  it('make one upstream app however many are set up at once', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((key) =>
        api.client.send(
          new UpdateGcmChannelCommand({ ApplicationId: appId, GCMChannelRequest: { ApiKey: key } }),
        ),
      ),
    );
    expect(passed.filter(({ name }) => name === 'createApp')).toHaveLength(1);
    expect(new Set(passed.filter(({ name }) => name === 'updateChannel').map(({ args }) => args[0]))).toEqual(
      new Set(['upstream-1']),
    );
  });

  it('are deleted upstream too', async () => {
    await api.client.send(
      new UpdateGcmChannelCommand({ ApplicationId: appId, GCMChannelRequest: { ServiceJson: '{}' } }),
    );
    const deleted = await api.client.send(new DeleteGcmChannelCommand({ ApplicationId: appId }));
    expect(deleted.GCMChannelResponse).toMatchObject({ HasFcmServiceCredentials: true });
    expect(passed.at(-1)).toEqual({ name: 'deleteChannel', args: ['upstream-1', 'GCM'] });
    expect(
      (await api.client.send(new GetChannelsCommand({ ApplicationId: appId }))).ChannelsResponse,
    ).toEqual({
      Channels: {},
    });
  });
});

describe('GetChannels', () => {
  it('404 for an app that does not exist', async () => {
    await expect(api.client.send(new GetChannelsCommand({ ApplicationId: 'none' }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Resource not found: application none',
    });
  });

  it.skipIf(!awsCliIsThere)('lists what the AWS CLI set up as in the tutorial', async () => {
    const app = ['--application-id', appId];
    await aws(api.url, [
      'pinpoint',
      'update-email-channel',
      ...app,
      '--email-channel-request',
      JSON.stringify(emailRequest),
    ]);
    await aws(api.url, [
      'pinpoint',
      'update-gcm-channel',
      ...app,
      '--gcm-channel-request',
      'ApiKey=key,Enabled=true',
    ]);
    const listed = await aws(api.url, ['pinpoint', 'get-channels', ...app]);
    expect(listed.ChannelsResponse.Channels).toMatchObject({
      EMAIL: { Id: 'email', Enabled: true },
      GCM: { Id: 'gcm', Enabled: true, HasCredential: true },
    });
  });
});

describe('one-time passwords and phone numbers', () => {
  it('are verified by the upstream app', async () => {
    const verified = await api.client.send(
      new VerifyOTPMessageCommand({
        ApplicationId: appId,
        VerifyOTPMessageRequestParameters: {
          DestinationIdentity: '+15550100',
          Otp: '12345',
          ReferenceId: 'login',
        },
      }),
    );
    expect(verified.VerificationResponse).toEqual({ Valid: true });
    expect(passed.at(-1)).toMatchObject({ name: 'verifyOtp', args: [{ ApplicationId: 'upstream-1' }] });
  });

  it('400 as upstream refused it', async () => {
    await expect(
      api.client.send(new PhoneNumberValidateCommand({ NumberValidateRequest: { PhoneNumber: 'refused' } })),
    ).rejects.toMatchObject({ name: 'BadRequestException', message: 'Upstream does not take it' });
  });
});
