import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createUpstream } from '../../src/channels/upstreamPinpoint.ts';
import { mailboxConfig, startTestMailbox, type TestMailbox } from '../support/mailbox.ts';

let mailbox: TestMailbox;
beforeAll(async () => {
  mailbox = await startTestMailbox();
});
afterEach(() => mailbox.inject());
afterAll(() => mailbox.close());

const upstream = () => createUpstream(mailbox.config);

it('makes an app upstream and answers its id', async () => {
  expect(await upstream().createApp('Shop')).toMatch(/^[0-9a-f]{32}$/);
});

it.each([
  ['APNS', { TokenKey: 'k', TokenKeyId: 'i', TeamId: 't', BundleId: 'b' }],
  ['APNS_SANDBOX', { Certificate: 'c', PrivateKey: 'p' }],
  ['APNS_VOIP', { Certificate: 'c', PrivateKey: 'p' }],
  ['APNS_VOIP_SANDBOX', { Certificate: 'c', PrivateKey: 'p' }],
  ['GCM', { ServiceJson: '{}' }],
  ['ADM', { ClientId: 'c', ClientSecret: 's' }],
  ['BAIDU', { ApiKey: 'a', SecretKey: 's' }],
] as const)('passes credentials of %s on, and lets the channel be deleted', async (channel, request) => {
  expect(await upstream().updateChannel('app1', channel, request)).toEqual({ hasCredential: true });
  await expect(upstream().deleteChannel('app1', channel)).resolves.toBeUndefined();
});

it('sends a one-time password that verifies once', async () => {
  const ids = { DestinationIdentity: '+15550100', ReferenceId: 'login-1' };
  const sent = await upstream().sendOtp({
    ApplicationId: 'app1',
    SendOTPMessageRequestParameters: {
      ...ids,
      BrandName: 'Shop',
      Channel: 'SMS',
      OriginationIdentity: '+15550199',
    },
  });
  expect(sent.MessageResponse?.Result?.['+15550100']?.DeliveryStatus).toBe('SUCCESSFUL');
  const [message] = await mailbox.messages({ to: '+15550100' });
  const code = message?.text?.match(/^\d{6}/)?.[0] ?? '';
  const verify = async (Otp: string) => {
    const answer = await upstream().verifyOtp({
      ApplicationId: 'app1',
      VerifyOTPMessageRequestParameters: { ...ids, Otp },
    });
    return answer.VerificationResponse?.Valid;
  };
  expect(await verify('wrong')).toBe(false);
  expect(await verify(code)).toBe(true);
  expect(await verify(code)).toBe(false);
});

it('validates a phone number', async () => {
  const answer = await upstream().validatePhoneNumber({
    NumberValidateRequest: { PhoneNumber: '+1 555 010 0000' },
  });
  expect(answer.NumberValidateResponse).toMatchObject({
    OriginalPhoneNumber: '+1 555 010 0000',
    CleansedPhoneNumberE164: '+15550100000',
  });
});

const passwordRequest = {
  ApplicationId: 'app1',
  SendOTPMessageRequestParameters: {
    DestinationIdentity: '+15550100',
    ReferenceId: 'r',
    BrandName: 'Shop',
    Channel: 'SMS',
    OriginationIdentity: '+15550199',
  },
};

it.each([
  [400, 'BadRequestException', 'BadRequest'],
  [403, 'ForbiddenException', 'Forbidden'],
  [404, 'NotFoundException', 'NotFound'],
  [429, 'TooManyRequestsException', 'TooManyRequests'],
  [500, 'InternalServerErrorException', 'Unavailable'],
] as const)('answers a %s of the provider as %s → %s', async (status, code, ours) => {
  mailbox.inject(() => ({ kind: 'status', status, code }));
  await expect(upstream().sendOtp(passwordRequest)).rejects.toMatchObject({ code: ours });
});

it('is unavailable when the provider cannot be reached', async () => {
  const nowhere = createUpstream(mailboxConfig('http://127.0.0.1:9'));
  await expect(nowhere.createApp('Shop')).rejects.toMatchObject({ code: 'Unavailable' });
});
