import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataFolder } from '../../src/dev/dataFolder.ts';
import { processIdentity, startServer } from '../../src/dev/processes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const startNode = () =>
  startServer({
    command: process.execPath,
    args: ['--eval', 'setInterval(() => {}, 1000)'],
    logFile: path.join(folder, 'node.log'),
  });
const writeRunFile = (content: unknown) =>
  writeFile(path.join(folder, 'running.json'), JSON.stringify(content));
const gone = { pid: 2 ** 22 + 1, identity: 'long ago' };

describe('claimDataFolder', () => {
  it('refuses a folder that a living stack holds, naming its process', async () => {
    const first = await claimDataFolder(folder);
    await expect(claimDataFolder(folder)).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first.release();
    await expect(claimDataFolder(folder)).resolves.toMatchObject({ path: folder });
  });

  it('ends the servers that a killed stack left behind', async () => {
    const server = await startNode();
    await writeRunFile([gone, { pid: server.pid, identity: await processIdentity(server.pid) }]);
    await claimDataFolder(folder);
    await server.ended;
    expect(await processIdentity(server.pid)).toBeNull();
  });

  it('leaves a process alone that only has the number of one left behind', async () => {
    const stranger = await startNode();
    await writeRunFile([gone, { pid: stranger.pid, identity: 'another moment' }]);
    await claimDataFolder(folder);
    expect(await processIdentity(stranger.pid)).not.toBeNull();
    await stranger.stop('SIGKILL');
  });

  it('writes down servers that start side by side, all of them', async () => {
    const held = await claimDataFolder(folder);
    await Promise.all(Array.from({ length: 20 }, () => held.record(process.pid)));
    const text = await readFile(path.join(folder, 'running.json'), 'utf8');
    expect(JSON.parse(text)).toHaveLength(21);
  });

  it('takes a folder whose run file is broken', async () => {
    await writeFile(path.join(folder, 'running.json'), '[{"pid":');
    await claimDataFolder(folder);
    expect(await readdir(folder)).toContain('logs');
  });
});
