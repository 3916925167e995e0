import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTemporal } from '../../src/client/connectTemporal.ts';
import { ensureSearchAttributes } from '../../src/client/searchAttributes.ts';
import { findTemporalCli } from '../../src/dev/findTemporal.ts';
import { freePort } from '../../src/dev/ports.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporalServer.ts';

let folder: string;
let server: TemporalServer;

async function start(databaseFile = path.join(folder, 'temporal.db')): Promise<TemporalServer> {
  return startTemporalServer({
    program: await findTemporalCli(),
    port: await freePort(),
    uiPort: await freePort(),
    databaseFile,
    logFile: path.join(folder, 'temporal.log'),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-temporal-'));
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the embedded Temporal server', () => {
  it('serves its namespace and its Web UI as soon as it is called ready', async () => {
    const connection = await connectTemporal(server.settings);
    await connection.close();
    expect((await fetch(server.uiUrl)).status).toBe(200);
  });

  it.skipIf(process.platform !== 'linux')('does not ask its makers for news', async () => {
    const environment = await readFile(`/proc/${server.pid}/environ`, 'utf8');
    expect(environment.split('\0')).toContain('TEMPORAL_VERSION_CHECK_DISABLED=true');
  });

  it('says what it printed and what to do when its data is broken', async () => {
    const broken = path.join(folder, 'broken.db');
    await writeFile(broken, 'not a database, but long enough to be taken for one'.repeat(20));
    await expect(start(broken)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringMatching(/not a database[\s\S]*mv .*broken\.db/),
    });
  });
});

describe('ensureSearchAttributes', () => {
  it('registers the four by which a person is found, twice without harm', async () => {
    const connection = await connectTemporal(server.settings);
    await ensureSearchAttributes(connection, 'default');
    await ensureSearchAttributes(connection, 'default');
    const listed = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(listed.customAttributes).sort()).toEqual([
      'RepointApp',
      'RepointEndpoint',
      'RepointJourney',
      'RepointUser',
    ]);
    await connection.close();
  });
});

describe('connectTemporal', () => {
  it('names the address and the setting when nobody answers', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const settings = { connectionOptions: { address }, namespace: 'default', connectTimeoutMs: 500 };
    await expect(connectTemporal(settings)).rejects.toThrow(`Temporal at ${address} cannot be reached`);
  });

  it('names the namespace that does not exist', async () => {
    const settings = { ...server.settings, namespace: 'nowhere' };
    await expect(connectTemporal(settings)).rejects.toThrow('Temporal namespace nowhere cannot be used');
  });
});
