import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { createSender } from '../../src/channels/createSender.ts';
import { retryAfter } from '../../src/channels/outcome.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { mailboxConfig } from '../support/mailbox.ts';
import { anEmail } from '../support/outgoing.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const send = (url: string, timeoutMs = 5_000) =>
  createSender(mailboxConfig(url), createLog('silent'), { timeoutMs }).send(anEmail());

const answerThen = (answer: string, after: (socket: Socket) => void) => (socket: Socket) =>
  socket.once('data', () => socket.write(answer, () => after(socket)));

it('is unreached when nobody listens', async () => {
  const port = await listen(() => {});
  for (const server of servers.splice(0)) server.close();
  expect(await send(`http://127.0.0.1:${port}`)).toEqual({ kind: 'unreached', reason: 'ECONNREFUSED' });
});

it('is unreached when the name does not resolve', async () => {
  const outcome = await send('http://no-such-host.invalid');
  expect(outcome).toMatchObject({ kind: 'unreached', reason: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});

it('is unreached when TLS fails: broken off, or no TLS at all', async () => {
  const broken = await listen((socket) => socket.once('data', () => socket.destroy()));
  expect(await send(`https://127.0.0.1:${broken}`)).toMatchObject({ kind: 'unreached' });
  const plain = await listen((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  expect(await send(`https://127.0.0.1:${plain}`)).toMatchObject({ kind: 'unreached' });
});

it('is unreached when TLS never completes', { timeout: 10_000 }, async () => {
  const silent = await listen(() => {});
  expect(await send(`https://127.0.0.1:${silent}`, 8_000)).toMatchObject({ kind: 'unreached' });
});

it('is unreached when no credentials can be had: nothing has left', async () => {
  const config = readConfig({ REPOINT_UPSTREAM_SES_URL: 'http://127.0.0.1:9', REPOINT_REGION: 'us-east-1' });
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  const outcome = await createSender(config, createLog('silent')).send(anEmail());
  expect(outcome).toEqual({ kind: 'unreached', reason: 'CredentialsProviderError' });
});

it('is unknown when the connection is closed or reset after the request left', async () => {
  const closed = await listen((socket) => socket.once('data', () => socket.end()));
  expect(await send(`http://127.0.0.1:${closed}`)).toEqual({ kind: 'unknown', reason: 'ECONNRESET' });
  const reset = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect(await send(`http://127.0.0.1:${reset}`)).toEqual({ kind: 'unknown', reason: 'ECONNRESET' });
});

it('is unknown when the answer breaks off or stalls in its body', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"Mess';
  const broken = await listen(answerThen(head, (socket) => socket.destroy()));
  expect(await send(`http://127.0.0.1:${broken}`)).toMatchObject({ kind: 'unknown' });
  const stalled = await listen(answerThen(head, () => {}));
  expect(await send(`http://127.0.0.1:${stalled}`, 300)).toEqual({
    kind: 'unknown',
    reason: 'DeadlineError',
  });
});

it('is unknown when the answer is no answer of SES', async () => {
  const html = 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>';
  const port = await listen(answerThen(html, () => {}));
  expect(await send(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'unknown' });
});

it('reads Retry-After as seconds or as a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfter('30', now)).toEqual({ retryAfterMs: 30_000 });
  expect(retryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toEqual({ retryAfterMs: 60_000 });
  expect(retryAfter('Thu, 01 Jan 2025 00:00:00 GMT', now)).toEqual({ retryAfterMs: 0 });
  expect(retryAfter('9'.repeat(15), now)).toEqual({ retryAfterMs: 3_600_000 });
  expect(retryAfter('soon', now)).toEqual({});
  expect(retryAfter(undefined, now)).toEqual({});
});
