import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTemporalCli, findTestServer } from '../../src/dev/findTemporal.ts';
import { cachedPath, cacheFolder, temporalCli, temporalTestServer } from '../../src/dev/temporalBinaries.ts';
import type { Download } from '../../src/dev/temporalDownloads.ts';

let home: string;
let lines: string[];
const say = (line: string) => lines.push(line);

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'repoint-find-'));
  lines = [];
});
afterEach(() => rm(home, { recursive: true, force: true }));

const environment = () => ({ HOME: home, PATH: path.join(home, 'bin') });
const failing: Download = {
  name: 'nowhere',
  describe: () => 'asking nowhere for it',
  fetch: async () => {
    throw new Error('no such host');
  },
};
const working: Download = {
  name: 'somewhere',
  describe: () => 'asking somewhere for it',
  fetch: (_binary, target) => writeFile(target, 'program', { mode: 0o755 }),
};

async function program(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'program');
  await chmod(file, 0o755);
  return file;
}

describe('findTemporalCli', () => {
  it('takes `temporal` from PATH before anything in the cache, and says nothing', async () => {
    const env = environment();
    const installed = await program(path.join(home, 'bin', 'temporal'));
    await program(cachedPath(temporalCli, cacheFolder(env)));
    await expect(findTemporalCli({ env, say, downloads: [failing] })).resolves.toBe(installed);
    expect(lines).toEqual([]);
  });

  it('takes the cache before any download', async () => {
    const env = environment();
    const cached = await program(cachedPath(temporalCli, cacheFolder(env)));
    await expect(findTemporalCli({ env, say, downloads: [failing] })).resolves.toBe(cached);
  });

  it('skips a file on PATH that cannot be executed', async () => {
    const env = environment();
    await chmod(await program(path.join(home, 'bin', 'temporal')), 0o644);
    const found = await findTemporalCli({ env, say, downloads: [working] });
    expect(found).toBe(cachedPath(temporalCli, cacheFolder(env)));
  });

  it('goes on to the next download when one fails, with a line before and after each', async () => {
    const env = environment();
    const found = await findTemporalCli({ env, say, downloads: [failing, working] });
    expect((await stat(found)).isFile()).toBe(true);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('asking nowhere for it');
    expect(lines[1]).toContain('no such host');
    expect(lines[2]).toContain('asking somewhere for it');
    expect(lines[3]).toContain(found);
  });

  it('says what was tried and what to do when nothing works', async () => {
    const env = environment();
    const failure = findTemporalCli({ env, say, downloads: [failing] });
    await expect(failure).rejects.toMatchObject({ code: 'Unavailable' });
    await expect(failure).rejects.toThrow(/nowhere: no such host.*TEMPORAL_ADDRESS/);
  });
});

describe('findTestServer', () => {
  it('looks for its own program, not for the CLI', async () => {
    const env = environment();
    await program(path.join(home, 'bin', 'temporal'));
    const found = await findTestServer({ env, say, downloads: [working] });
    expect(found).toBe(cachedPath(temporalTestServer, cacheFolder(env)));
  });
});

describe('cacheFolder', () => {
  it('follows each platform and XDG_CACHE_HOME', () => {
    const env = { HOME: '/home/ann' };
    expect(cacheFolder(env, 'linux')).toBe('/home/ann/.cache/repoint/temporal');
    expect(cacheFolder(env, 'darwin')).toBe('/home/ann/Library/Caches/repoint/temporal');
    expect(cacheFolder({ ...env, XDG_CACHE_HOME: '/cache' }, 'linux')).toBe('/cache/repoint/temporal');
  });
});
