import { afterEach, expect, it } from 'vitest';
import { createUpstream, upstreamError } from '../../../src/channels/upstream/upstreamPinpoint.ts';
import { mailboxConfig, useMailbox } from '../../support/mailbox.ts';

const mailbox = useMailbox();
afterEach(() => mailbox.inject());

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

it('validates a phone number', async () => {
  const answer = await upstream().validatePhoneNumber({
    NumberValidateRequest: { PhoneNumber: '+1 555 010 0000' },
  });
  expect(answer.NumberValidateResponse).toMatchObject({
    OriginalPhoneNumber: '+1 555 010 0000',
    CleansedPhoneNumberE164: '+15550100000',
  });
});

it.each([
  [{ kind: 'refused', statusCode: 400, code: 'BadRequestException', reason: 'no' }, 'BadRequest'],
  [{ kind: 'refused', statusCode: 403, code: 'ForbiddenException', reason: 'no' }, 'Forbidden'],
  [{ kind: 'refused', statusCode: 404, code: 'NotFoundException', reason: 'no' }, 'NotFound'],
  [{ kind: 'throttled', reason: 'slow' }, 'TooManyRequests'],
  [{ kind: 'unknown', reason: '500' }, 'Unavailable'],
  [{ kind: 'unreached', reason: 'ECONNREFUSED' }, 'Unavailable'],
] as const)('answers %j of the provider as %s', (outcome, ours) => {
  expect(upstreamError('SendOTPMessage', outcome)).toMatchObject({ code: ours });
});

it('is unavailable when the provider cannot be reached', async () => {
  const nowhere = createUpstream(mailboxConfig('http://127.0.0.1:9'));
  await expect(nowhere.createApp('Shop')).rejects.toMatchObject({ code: 'Unavailable' });
});
