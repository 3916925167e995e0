import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CreateAppCommand,
  GetAppsCommand,
  GetEndpointCommand,
  type PinpointClient,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { serveApi } from '../../src/api/serveApi.ts';
import { readConfig } from '../../src/config.ts';
import { useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { testDeps, testKey, testSettings } from '../support/deps.ts';
import { type Signer, sendRaw, signedBySdk, type WireRequest } from '../support/signedRequest.ts';

const database = useDatabase();
const strict = useApi(database);
const embedded = useApi(database, {
  deps: { config: readConfig({ ...testSettings, REPOINT_AUTH: 'embedded' }) },
});

const createApp = (client: PinpointClient) =>
  client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'signed' } }));
const listApps = (client: PinpointClient) => client.send(new GetAppsCommand({ PageSize: '5' }));
const getEndpoint = (client: PinpointClient) =>
  client.send(new GetEndpointCommand({ ApplicationId: 'app', EndpointId: 'a/b' }));
const minute = 60_000;

/** What can go wrong with a signature, and AWS's own name for it. */
const forged: [what: string, type: string, tamper: (request: WireRequest) => WireRequest][] = [
  ['another body', 'InvalidSignatureException', (r) => ({ ...r, body: r.body.replace('signed', 'forged') })],
  ['another method', 'InvalidSignatureException', (r) => ({ ...r, method: 'PUT' })],
  ['another path', 'InvalidSignatureException', (r) => ({ ...r, target: '/v1/templates' })],
  ['a query added', 'InvalidSignatureException', (r) => ({ ...r, target: `${r.target}?page-size=1` })],
  ['another host', 'InvalidSignatureException', (r) => withHeader(r, 'host', 'elsewhere:7100')],
  ['another time', 'InvalidSignatureException', (r) => withHeader(r, 'x-amz-date', shifted(r, 1))],
  ['a token added', 'InvalidSignatureException', (r) => withHeader(r, 'x-amz-security-token', 'token')],
  [
    'another service',
    'InvalidSignatureException',
    (r) =>
      withHeader(r, 'authorization', r.headers.authorization?.replace('/mobiletargeting/', '/ses/') ?? ''),
  ],
  [
    'another region',
    'InvalidSignatureException',
    (r) =>
      withHeader(r, 'authorization', r.headers.authorization?.replace('/us-east-1/', '/eu-west-1/') ?? ''),
  ],
  ['no signature', 'MissingAuthenticationTokenException', (r) => withoutHeader(r, 'authorization')],
  ['another scheme', 'IncompleteSignatureException', (r) => withHeader(r, 'authorization', 'Bearer x')],
  [
    'a signature cut short',
    'IncompleteSignatureException',
    (r) => withHeader(r, 'authorization', r.headers.authorization?.slice(0, -1) ?? ''),
  ],
  [
    'another signature',
    'InvalidSignatureException',
    (r) => withHeader(r, 'authorization', r.headers.authorization?.replace(/.{64}$/, '0'.repeat(64)) ?? ''),
  ],
  [
    'the host not signed',
    'InvalidSignatureException',
    (r) => withHeader(r, 'authorization', r.headers.authorization?.replace('host;', '') ?? ''),
  ],
];

function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function withoutHeader(request: WireRequest, name: string): WireRequest {
  return {
    ...request,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([key]) => key !== name)),
  };
}

function shifted(request: WireRequest, seconds: number): string {
  const [date = '', time = ''] = (request.headers['x-amz-date'] ?? '').split('T');
  const next = ((Number(time.slice(4, 6)) + seconds) % 60).toString().padStart(2, '0');
  return `${date}T${time.slice(0, 4)}${next}Z`;
}

const wrongSigners: [what: string, type: string, signer: Signer][] = [
  ['a wrong secret', 'InvalidSignatureException', { secretAccessKey: 'wrong' }],
  ['a clock 16 minutes slow', 'InvalidSignatureException', { clockOffsetMs: -16 * minute }],
  ['a clock 16 minutes fast', 'InvalidSignatureException', { clockOffsetMs: 16 * minute }],
];

describe.each([
  ['strict', () => strict],
  ['embedded', () => embedded],
])('in the %s mode a known key', (_, mode) => {
  it('passes with its signature', async () => {
    const { url } = mode();
    const answer = await sendRaw(url, await signedBySdk(url, createApp));
    expect(answer.status).toBe(201);
    expect(answer.headers['x-repoint-auth']).toBeUndefined();
  });

  it.each([-14, 14])('passes %i minutes off', async (minutes) => {
    const { url } = mode();
    const request = await signedBySdk(url, createApp, { clockOffsetMs: minutes * minute });
    expect((await sendRaw(url, request)).status).toBe(201);
  });

  it.each(forged)('403 with %s', async (_what, type, tamper) => {
    const { url } = mode();
    const answer = await sendRaw(url, tamper(await signedBySdk(url, createApp)));
    expect(answer).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': type } });
    expect(JSON.parse(answer.body)).toEqual({
      Message: expect.any(String),
      RequestID: answer.headers['x-amzn-requestid'],
    });
  });

  it.each(wrongSigners)('403 with %s', async (_what, type, signer) => {
    const { url } = mode();
    const answer = await sendRaw(url, await signedBySdk(url, createApp, signer));
    expect(answer).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': type } });
  });

  it('403 with a query changed', async () => {
    const { url } = mode();
    const request = await signedBySdk(url, listApps);
    expect((await sendRaw(url, request)).status).toBe(200);
    const changed = { ...request, target: request.target.replace('page-size=5', 'page-size=6') };
    expect((await sendRaw(url, changed)).status).toBe(403);
  });

  it('403 when an encoded slash is encoded once more', async () => {
    const { url } = mode();
    const request = await signedBySdk(url, getEndpoint);
    expect(request.target).toContain('a%2Fb');
    expect((await sendRaw(url, request)).status).not.toBe(403);
    const replayed = { ...request, target: request.target.replace('a%2Fb', 'a%252Fb') };
    expect((await sendRaw(url, replayed)).status).toBe(403);
  });
});

describe('an unknown key', () => {
  it('403 in the strict mode', async () => {
    const request = await signedBySdk(strict.url, createApp, { accessKeyId: 'AKIAUNKNOWN' });
    expect(await sendRaw(strict.url, request)).toMatchObject({
      status: 403,
      headers: { 'x-amzn-errortype': 'UnrecognizedClientException' },
      body: expect.stringContaining('REPOINT_ACCESS_KEYS'),
    });
  });

  it('403 tells what to do when it is a temporary one', async () => {
    const temporary = { accessKeyId: 'ASIATEMPORARY', sessionToken: 'token' };
    const answer = await sendRaw(strict.url, await signedBySdk(strict.url, createApp, temporary));
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).Message).toMatch(/verified by nobody but AWS.*REPOINT_ACCESS_KEYS/);
  });

  it('passes in the embedded mode from this machine and is marked unverified', async () => {
    const request = await signedBySdk(embedded.url, createApp, { accessKeyId: 'AKIAUNKNOWN' });
    expect(await sendRaw(embedded.url, request)).toMatchObject({
      status: 201,
      headers: { 'x-repoint-auth': 'unverified' },
    });
  });

  it("403 in the embedded mode under another host's name, as a rebinding web page would come", async () => {
    const request = await signedBySdk(embedded.url, createApp, { accessKeyId: 'AKIAUNKNOWN' });
    expect((await sendRaw(embedded.url, withHeader(request, 'host', 'evil.example'))).status).toBe(403);
  });
});

const curlIsThere = spawnSync('curl', ['--version']).status === 0;

it.skipIf(!curlIsThere)("curl's own signature passes, and its form's content type is ignored", async () => {
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--aws-sigv4',
    'aws:amz:us-east-1:mobiletargeting',
    '--user',
    `${testKey.accessKeyId}:${testKey.secretAccessKey}`,
    '--data',
    '{"Name":"from curl"}',
    `${strict.url}/v1/apps`,
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ Name: 'from curl' });
});

it('the strict mode does not start without keys', async () => {
  const deps = testDeps(database.db, {
    config: readConfig({ ...testSettings, REPOINT_ACCESS_KEYS: undefined }),
  });
  await expect(serveApi(deps, { host: '127.0.0.1', port: 0 })).rejects.toThrow('REPOINT_ACCESS_KEYS');
});

it("Repoint's own paths are behind the same check, health and webhooks are not", async () => {
  expect((await sendRaw(strict.url, { target: '/repoint/v1/apps/a/upstream' })).status).toBe(403);
  expect((await sendRaw(strict.url, { target: '/healthz' })).status).toBe(200);
  expect((await sendRaw(strict.url, { target: '/webhooks/unknown' })).status).toBe(404);
});
