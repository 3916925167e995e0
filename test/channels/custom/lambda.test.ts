import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCustomChannel } from '../../../src/channels/custom/createCustomChannel.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { startHook, useHook } from '../../support/hook.ts';
import { aCustom } from '../../support/outgoing.ts';

const log = createLog('silent');

describe('a Lambda function', () => {
  const lambda = useHook({ tls: false });
  afterEach(() => {
    vi.unstubAllEnvs();
    lambda.requests.length = 0;
  });

  async function invoke(deliveryUri = 'hook', settings: Record<string, string> = {}) {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const url = `http://127.0.0.1:${lambda.port}`;
    const config = readConfig({ REPOINT_UPSTREAM_LAMBDA_URL: url, ...settings });
    return await createCustomChannel(config, log, { timeoutMs: 500 }).call([aCustom({ deliveryUri })]);
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
