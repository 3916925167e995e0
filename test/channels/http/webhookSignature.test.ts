import { expect, test } from 'vitest';
import { signatureHeaders } from '../../../src/channels/http/webhookSignature.ts';

// The worked example of the Standard Webhooks specification and its libraries' own tests
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

test('a body is signed as the libraries of Standard Webhooks expect it', () => {
  expect(signatureHeaders([secret], id, 1614265330, '{"test": 2432232314}')).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  });
});

test('each of several secrets signs', () => {
  const other = `whsec_${'a'.repeat(32)}`;
  const headers = signatureHeaders([other, secret], id, 1614265330, '{"test": 2432232314}');
  expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  expect(headers['webhook-signature']?.split(' ')[1]).toBe(signature);
});
