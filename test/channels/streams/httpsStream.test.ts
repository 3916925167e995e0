import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createStreams } from '../../../src/channels/streams/createStreams.ts';
import { readConfig } from '../../../src/config.ts';
import { testSettings } from '../../../src/testing/testDeps.ts';

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
let server: Server;
let url: string;
let status = 200;
let received: { headers: IncomingHttpHeaders; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
});
beforeEach(() => {
  status = 200;
  received = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const items = ['{"a":1}\n', '{"b":"ü"}\n'].map((line, index) => ({
  id: String(index),
  key: 'ann',
  bytes: Buffer.from(line),
}));

function open(settings: Record<string, string> = { REPOINT_WEBHOOK_ALLOW: '127.0.0.1' }) {
  return createStreams(readConfig({ ...testSettings, ...settings }))('app1', { kind: 'https', url, secret });
}

it('posts JSON lines that a receiver can verify as Standard Webhooks says', async () => {
  const answer = await open().put(items);
  expect(answer).toEqual({ taken: new Set(['0', '1']), failure: null, isUnfit: false });
  const [request] = received;
  expect(request?.body).toBe('{"a":1}\n{"b":"ü"}\n');
  expect(request?.headers['content-type']).toBe('application/x-ndjson');
  const {
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': signature,
  } = request?.headers ?? {};
  expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(10);
  const signed = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'));
  signed.update(`${id}.${at}.${request?.body}`);
  expect(signature).toBe(`v1,${signed.digest('base64')}`);
});

it('gives a batch that is sent again the same id, and another batch another', async () => {
  const door = open();
  await door.put(items);
  await door.put(items);
  await door.put(items.slice(1));
  const ids = received.map(({ headers }) => headers['webhook-id']);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

it.each([
  [500, false],
  [400, false],
  [429, false],
  [413, true],
  [302, false],
])('takes %i as a refusal of the whole batch, and follows nothing', async (given, isUnfit) => {
  status = given;
  const failure = `the endpoint answered ${given}`;
  expect(await open().put(items)).toEqual({ taken: new Set(), failure, isUnfit });
  expect(received).toHaveLength(1);
});

it.each([
  ['with the mailbox', {}],
  ['live', { REPOINT_DELIVERY: 'live' }],
])('never reaches an address of this machine that is not allowed, %s', async (_, settings) => {
  const { failure, taken } = await open(settings).put(items);
  expect(failure).toMatch(/private, reserved or not encrypted/);
  expect([taken.size, received.length]).toEqual([0, 0]);
});

it('tells that nobody listens', async () => {
  const streams = createStreams(readConfig({ ...testSettings, REPOINT_WEBHOOK_ALLOW: '127.0.0.1' }));
  const door = streams('app1', { kind: 'https', url: 'http://127.0.0.1:1/', secret });
  expect(await door.put(items)).toMatchObject({ failure: 'ECONNREFUSED', isUnfit: false });
});
