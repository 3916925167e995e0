import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../src/dev/embeddedPostgres.ts';
import { freePort } from '../../src/dev/ports.ts';

let folder: string;
let dataFolder: string;
let running: EmbeddedPostgres[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-postgres-'));
  await chmod(folder, 0o755);
  dataFolder = path.join(folder, 'postgres');
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((postgres) => postgres.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const logFile = path.join(folder, 'postgres.log');
  const postgres = await startPostgres({ dataFolder, logFile, port: await freePort() });
  running.push(postgres);
  return postgres;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(statement).finally(() => client.end());
  return rows;
}

describe('the embedded Postgres', () => {
  it('keeps its data over a stop and a start', async () => {
    const first = await start();
    await query(await first.createDatabase('kept'), "create table word as select 'still here' as text");
    await first.stop();
    const second = await start();
    const rows = await query(await second.createDatabase('kept'), 'select text from word');
    expect(rows).toEqual([{ text: 'still here' }]);
  });

  it('starts again after it was killed, over the pid file it left', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await start();
    expect(await query(`${second.url}/postgres`, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts over a pid file whose number another program has got', async () => {
    const first = await start();
    await first.stop();
    await writeFile(path.join(dataFolder, 'postmaster.pid'), `${process.pid}\n${dataFolder}\n`);
    await expect(start()).resolves.toMatchObject({ url: expect.stringContaining('127.0.0.1') });
  });

  it('says what to do when another Postgres uses the folder', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringMatching(new RegExp(`process ${first.pid}.*REPOINT_DATA_DIR`)),
    });
  });

  it('says what to do when the folder holds something else', async () => {
    await mkdir(dataFolder);
    await writeFile(path.join(dataFolder, 'holiday.jpg'), '');
    await expect(start()).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringMatching(/no PG_VERSION.*mv .*REPOINT_DATA_DIR/),
    });
  });

  it('says what to do when the data is broken, with the reason Postgres gave', async () => {
    const first = await start();
    await first.stop();
    await rm(path.join(dataFolder, 'global', 'pg_control'));
    await expect(start()).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringMatching(/pg_control[\s\S]*mv .*REPOINT_DATA_DIR/),
    });
  });

  it('says so when another version wrote the folder', async () => {
    const first = await start();
    await first.stop();
    await writeFile(path.join(dataFolder, 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/was written by Postgres 17/);
  });
});
