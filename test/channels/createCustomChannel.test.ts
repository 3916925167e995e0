import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Resolve } from '../../src/channels/addressGuard.ts';
import { createCustomChannel } from '../../src/channels/createCustomChannel.ts';
import type { OutgoingCustom } from '../../src/channels/customChannel.ts';
import { signatureHeaders } from '../../src/channels/webhookSignature.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { confirm, type Hook, startHook } from '../support/hook.ts';
import { startTestMailbox, type TestMailbox } from '../support/mailbox.ts';
import { aCustom } from '../support/outgoing.ts';

const account = '123456789012';
const log = createLog('silent');
let hook: Hook;
beforeAll(async () => {
  hook = await startHook();
});
afterEach(() => {
  vi.unstubAllEnvs();
  hook.requests.length = 0;
  hook.answerHead(confirm);
  hook.answer((response) => response.end('{}'));
});
afterAll(() => hook.close());

/** Every name leads to these addresses, one list for each time it is asked. */
const leadingTo = (...answers: string[][]): Resolve & { asked: number } => {
  const resolve = Object.assign(
    (...[, , callback]: Parameters<Resolve>) => {
      const addresses = answers[Math.min(resolve.asked, answers.length - 1)] ?? [];
      resolve.asked += 1;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
    { asked: 0 },
  );
  return resolve;
};

interface Setting {
  readonly allow?: string;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
  readonly trust?: boolean;
  readonly secrets?: readonly string[];
}

function channel({
  allow = '127.0.0.1',
  timeoutMs = 5000,
  resolve,
  trust = true,
  secrets = [],
}: Setting = {}) {
  const config = readConfig({
    REPOINT_WEBHOOK_ALLOW: allow,
    REPOINT_ACCOUNT_ID: account,
    REPOINT_WEBHOOK_SECRETS: secrets.join(','),
  });
  return createCustomChannel(config, log, {
    timeoutMs,
    resolve: resolve ?? leadingTo(['127.0.0.1']),
    ...(trust && { ca: hook.certificate }),
  });
}

const message = (change: Partial<OutgoingCustom> = {}) => aCustom({ deliveryUri: hook.url, ...change });
const asked = () => hook.requests.map(({ method }) => method);

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

describe('an address inside', () => {
  const forbidden = { kind: 'refused', code: 'CUSTOM_DELIVERY_FAILURE' };

  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '[fd00::1]',
  ])('is refused when it is written out: %s', async (host) => {
    const deliveryUri = `https://${host}:${hook.port}/`;
    const { outcome } = await channel({ allow: '' }).call([message({ deliveryUri, isConfirmed: true })]);
    expect(outcome).toMatchObject(forbidden);
    expect(hook.requests).toEqual([]);
  });

  it('is refused when a name leads to it, also beside a public one', async () => {
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1']]) {
      const { outcome } = await channel({ allow: '', resolve: leadingTo(addresses) }).call([message()]);
      expect(outcome).toMatchObject(forbidden);
    }
    const system = createCustomChannel(readConfig({}), log);
    const localhost = message({ deliveryUri: `https://localhost:${hook.port}/` });
    expect((await system.call([localhost])).outcome).toMatchObject(forbidden);
    expect(hook.requests).toEqual([]);
  });

  it('is refused at the connect that would reach it, whatever the name led to before', async () => {
    const resolve = leadingTo(['127.0.0.1'], ['127.0.0.2']);
    const rebinding = channel({ resolve });
    hook.answer((response) => response.setHeader('connection', 'close').end('{}'));
    expect((await rebinding.call([message({ isConfirmed: true })])).outcome.kind).toBe('accepted');
    expect((await rebinding.call([message({ isConfirmed: true })])).outcome).toMatchObject(forbidden);
    expect(resolve.asked, 'one look at the name for each connect').toBe(2);
    expect(asked()).toEqual(['POST']);
  });

  it('may be reached without TLS where it is allowed, a public one never', async () => {
    const plain = await startHook({ tls: false });
    const deliveryUri = plain.url;
    expect((await channel().call([message({ deliveryUri })])).outcome.kind).toBe('accepted');
    const toPublic = channel({ resolve: leadingTo(['8.8.8.8']) });
    expect((await toPublic.call([message({ deliveryUri })])).outcome).toMatchObject(forbidden);
    expect((await channel({ allow: '' }).call([message({ deliveryUri })])).outcome).toMatchObject(forbidden);
    await plain.close();
  });
});

describe('with the mailbox', () => {
  let mailbox: TestMailbox;
  beforeAll(async () => {
    mailbox = await startTestMailbox();
  });
  afterAll(() => mailbox.close());

  it.each(['https://example.com/hook', 'arn:aws:lambda:us-east-1:123456789012:function:hook'])(
    'what would go to %s is a message there that shows the payload',
    async (deliveryUri) => {
      await fetch(`${mailbox.url}/messages`, { method: 'DELETE' });
      const result = await createCustomChannel(mailbox.config, log).call([message({ deliveryUri })]);
      expect(result).toMatchObject({ outcome: { kind: 'accepted' }, confirmed: false });
      expect(result.answers.size).toBe(0);
      const [received, ...others] = await mailbox.messages({ channel: 'CUSTOM' });
      expect(others).toEqual([]);
      expect(received).toMatchObject({
        to: 'ann',
        title: deliveryUri,
        journeyId: 'journey1',
        activityId: 'Hook',
        endpointId: 'user123-custom',
        tags: { repoint_message: message().messageId, delivery_uri: deliveryUri },
      });
      expect(JSON.parse(received?.body ?? '')).toMatchObject({ Message: {}, Data: 'hello' });
      const page = await (await fetch(mailbox.url)).text();
      expect(page).toContain('&quot;Data&quot;: &quot;hello&quot;');
      expect(hook.requests).toEqual([]);
    },
  );

  it('answers the attributes it was told to, until it is told otherwise', async () => {
    const custom = createCustomChannel(mailbox.config, log);
    await mailbox.answerCustom(hook.url, { Answer: 'yes' });
    expect((await custom.call([message()])).answers).toEqual(
      new Map([['user123-custom', { Answer: 'yes' }]]),
    );
    await mailbox.answerCustom(hook.url);
    expect((await custom.call([message()])).answers.size).toBe(0);
  });

  it('may fail as its other channels may', async () => {
    mailbox.inject(() => ({ kind: 'status', status: 429, code: 'TooManyRequestsException' }));
    const { outcome } = await createCustomChannel(mailbox.config, log).call([message()]);
    mailbox.inject();
    expect(outcome.kind).toBe('throttled');
  });
});

describe('a Lambda function', () => {
  let lambda: Hook;
  beforeAll(async () => {
    lambda = await startHook({ tls: false });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  });
  afterAll(() => lambda.close());
  afterEach(() => {
    lambda.requests.length = 0;
  });

  async function invoke(deliveryUri = 'hook', settings: Record<string, string> = {}) {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const url = `http://127.0.0.1:${lambda.port}`;
    const config = readConfig({ REPOINT_UPSTREAM_LAMBDA_URL: url, ...settings });
    return await createCustomChannel(config, log, { timeoutMs: 500 }).call([message({ deliveryUri })]);
  }

  it('is invoked with the payload, and its answer counts', async () => {
    lambda.answer((response) =>
      response
        .setHeader('x-amzn-requestid', 'r1')
        .end('{"user123-custom":{"EventAttributes":{"Answer":"no"}}}'),
    );
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:hook';
    expect(await invoke(arn)).toEqual({
      outcome: { kind: 'accepted', providerMessageId: 'r1' },
      answers: new Map([['user123-custom', { Answer: 'no' }]]),
      confirmed: false,
    });
    const [request, ...others] = lambda.requests;
    expect(others).toEqual([]);
    expect(decodeURIComponent(request?.path ?? '')).toBe(`/2015-03-31/functions/${arn}/invocations`);
    expect(request?.headers['x-amz-invocation-type']).toBe('RequestResponse');
    expect(request?.headers.authorization).toContain('/eu-west-1/lambda/');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ Data: 'hello' });
  });

  it.each([
    ['that failed may have done its work', 200, { 'x-amz-function-error': 'Unhandled' }, 'unknown'],
    ['that does not exist has not', 404, { 'x-amzn-errortype': 'ResourceNotFoundException' }, 'refused'],
    ['that is throttled will', 429, { 'x-amzn-errortype': 'TooManyRequestsException' }, 'throttled'],
    ['whose service failed may have', 500, { 'x-amzn-errortype': 'ServiceException' }, 'unknown'],
  ])('%s; it is called once', async (_, status, headers, kind) => {
    lambda.answer((response) => response.writeHead(status, headers).end('{}'));
    const { outcome } = await invoke();
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === 'refused') expect(outcome.code).toBe('CUSTOM_DELIVERY_FAILURE');
    expect(lambda.requests).toHaveLength(1);
  });

  it('that does not answer in time is unknown', async () => {
    lambda.answer(() => {});
    expect((await invoke()).outcome).toEqual({ kind: 'unknown', reason: 'DeadlineError' });
  });

  it('is never called where AWS_ENDPOINT_URL points, nor at our own API', async () => {
    const trap = await startHook({ tls: false });
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${trap.port}`);
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', `http://127.0.0.1:${trap.port}`);
    lambda.answer((response) => response.end('{}'));
    await invoke();
    expect(trap.requests).toEqual([]);
    expect(lambda.requests).toHaveLength(1);
    await trap.close();
    const own = { REPOINT_UPSTREAM_LAMBDA_URL: 'http://localhost:7100' };
    await expect(invoke('hook', own)).rejects.toThrow(/own API/);
  });
});
