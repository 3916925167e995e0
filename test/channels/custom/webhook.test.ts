import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '../../../src/channels/http/webhookSignature.ts';
import { account, useWebhook } from '../../support/webhook.ts';

const { asked, channel, hook, message } = useWebhook();

describe('a webhook', () => {
  it('is asked by HEAD whether it wants the messages of the account, and gets the payload once it has said so', async () => {
    hook.answer((response) => response.end('{"user123-custom":{"EventAttributes":{"Answer":"yes"}}}'));
    const result = await channel().call([message()]);
    expect(result).toEqual({
      outcome: { kind: 'accepted', providerMessageId: message().messageId },
      answers: new Map([['user123-custom', { Answer: 'yes' }]]),
      confirmed: true,
    });
    expect(asked()).toEqual(['HEAD', 'POST']);
    const [head, post] = hook.requests;
    expect(head?.headers['x-amz-pinpoint-accountid']).toBe(account);
    expect(post?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      Data: 'hello',
      JourneyId: 'journey1',
      Endpoints: { 'user123-custom': { Address: 'ann' } },
    });
  });

  it('is not asked again once it has said so', async () => {
    const result = await channel().call([message({ isConfirmed: true })]);
    expect(result).toMatchObject({ outcome: { kind: 'accepted' }, confirmed: false });
    expect(asked()).toEqual(['POST']);
  });

  it('can tell by either secret who sent a payload and when, and that it is the same when it comes again', async () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${'a'.repeat(32)}`];
    for (const messageId of ['m-1-1', 'm-1-2'])
      await channel({ secrets }).call([message({ isConfirmed: true, messageId })]);
    const [first, second] = hook.requests;
    const timestamp = Number(first?.headers['webhook-timestamp']);
    expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(60);
    expect([first, second].map((post) => post?.headers['webhook-id'])).toEqual(['m-1', 'm-1']);
    const expected = signatureHeaders(secrets, 'm-1', timestamp, first?.body ?? '');
    expect(first?.headers['webhook-signature']).toBe(expected['webhook-signature']);
  });

  it('gets no signature where no secret is set', async () => {
    await channel().call([message({ isConfirmed: true })]);
    expect(hook.requests[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('is told of several endpoints in one call', async () => {
    const other = message({ origin: { journeyId: 'journey1', activityId: 'Hook', endpointId: 'other' } });
    await channel().call([message(), other]);
    expect(asked()).toEqual(['HEAD', 'POST']);
    expect(Object.keys(JSON.parse(hook.requests[1]?.body ?? '').Endpoints)).toEqual([
      'user123-custom',
      'other',
    ]);
  });

  it.each([
    ['says nothing of the account', (response: ServerResponse) => response.end()],
    [
      'names another account',
      (response: ServerResponse) => response.setHeader('X-Amz-Pinpoint-AccountId', '1').end(),
    ],
    ['does not know HEAD', (response: ServerResponse) => response.writeHead(405).end()],
    ['redirects', (response: ServerResponse) => response.writeHead(301, { location: '/other' }).end()],
  ])('that %s gets no payload', async (_, respond) => {
    hook.answerHead(respond);
    const { outcome, confirmed } = await channel().call([message()]);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'WEBHOOK_NOT_CONFIRMED' });
    expect(confirmed).toBe(false);
    expect(asked()).toEqual(['HEAD']);
  });

  it.each([
    ['fails', (response: ServerResponse) => response.writeHead(503).end(), undefined],
    ['cuts the connection', (response: ServerResponse) => response.destroy(), undefined],
    ['does not answer', () => {}, 300],
  ])(
    'that %s when it is asked by HEAD is asked again later: nothing was posted',
    async (_, respond, timeoutMs) => {
      hook.answerHead(respond);
      const { outcome } = await channel({ timeoutMs: timeoutMs ?? 5000 }).call([message()]);
      expect(outcome.kind).toBe('unreached');
      expect(asked()).toEqual(['HEAD']);
    },
  );

  it.each([
    [204, 'accepted'],
    [301, 'refused'],
    [307, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'unknown'],
    [429, 'throttled'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('that answers %i has %s the message', async (status, kind) => {
    hook.answer((response) => response.writeHead(status, { location: '/other', 'retry-after': '7' }).end());
    const { outcome } = await channel().call([message({ isConfirmed: true })]);
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === 'refused') expect(outcome.code).toBe('CUSTOM_DELIVERY_FAILURE');
    if (outcome.kind === 'throttled') expect(outcome.retryAfterMs).toBe(7000);
    expect(asked(), 'no redirect is followed').toEqual(['POST']);
  });

  it.each([
    ['cuts the connection', (response: ServerResponse) => response.destroy(), 'ECONNRESET'],
    ['does not answer in time', () => {}, 'DeadlineError'],
  ])('that %s after it got the payload may have taken it', async (_, respond, reason) => {
    hook.answer(respond);
    const { outcome } = await channel({ timeoutMs: 400 }).call([message({ isConfirmed: true })]);
    expect(outcome).toEqual({ kind: 'unknown', reason });
  });

  it('has the message by its 2xx, though its answer is longer than 64 KB, is cut off or never ends', async () => {
    const answer = `{"user123-custom":{"EventAttributes":{"a":"b"}},"rest":"${'x'.repeat(70_000)}"}`;
    const responds: ((response: ServerResponse) => void)[] = [
      (response) => response.end(answer),
      (response) => response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
      (response) => response.writeHead(200).write('{'),
    ];
    for (const respond of responds) {
      hook.answer(respond);
      const { outcome, answers } = await channel({ timeoutMs: 500 }).call([message({ isConfirmed: true })]);
      expect(outcome.kind).toBe('accepted');
      expect(answers.size).toBe(0);
    }
  });

  it('that nobody listens at, or whose certificate is not trusted, is tried again later', async () => {
    const nobody = message({ deliveryUri: 'https://hook.test:9/', isConfirmed: true });
    expect((await channel().call([nobody])).outcome).toEqual({ kind: 'unreached', reason: 'ECONNREFUSED' });
    expect((await channel({ trust: false }).call([message()])).outcome).toEqual({
      kind: 'unreached',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    const otherName = message({ deliveryUri: hook.url.replace('hook.test', 'other.test') });
    expect((await channel().call([otherName])).outcome).toMatchObject({
      kind: 'unreached',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(hook.requests).toEqual([]);
  });
});
