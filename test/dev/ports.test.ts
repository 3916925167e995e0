import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, requireFreePorts } from '../../src/dev/ports.ts';

const open: Server[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done)))));

async function take(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  open.push(server);
  return port;
}

const api = (port: number) => ({ port, host: '127.0.0.1', setting: 'REPOINT_PORT', what: 'the API' });
const mailbox = (port: number) => ({
  port,
  host: '127.0.0.1',
  setting: 'REPOINT_MAILBOX_PORT',
  what: 'the mailbox',
});

describe('requireFreePorts', () => {
  it('is content with free ports', async () => {
    await expect(
      requireFreePorts([api(await freePort()), mailbox(await freePort())]),
    ).resolves.toBeUndefined();
  });

  it('names every port that is in use, what it is for and the setting that moves it', async () => {
    const [first, second] = [await take(await freePort()), await take(await freePort())];
    await expect(requireFreePorts([api(first), mailbox(second)])).rejects.toThrow(
      `Cannot start: port ${first} for the API is in use by another program (set REPOINT_PORT to another port); ` +
        `port ${second} for the mailbox is in use by another program (set REPOINT_MAILBOX_PORT to another port).`,
    );
  });

  it('refuses one port for two things', async () => {
    const port = await freePort();
    await expect(requireFreePorts([api(port), mailbox(port)])).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining(`REPOINT_MAILBOX_PORT names port ${port} a second time`),
    });
  });

  it('lets several things ask for any port', async () => {
    await expect(requireFreePorts([api(0), mailbox(0)])).resolves.toBeUndefined();
  });
});
