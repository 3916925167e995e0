import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';
import { bundleWorkflows, hashOfFolders } from '../src/workflowBundle.ts';

const log = createLog('silent');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-bundle-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a bundle of the workflows', { timeout: 60_000 }, () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const kept = async () =>
    (await readdir(folder))
      .filter((name) => name.startsWith('repoint-'))
      .map((name) => path.join(folder, name));

  it('is kept, alone, and taken at the next start', async () => {
    await writeFile(path.join(folder, 'repoint-workflows-of-an-earlier-version.cjs'), '');
    const { code } = await bundleWorkflows(log, folder);
    expect(code).toContain('./src/workflows/journey.ts');
    const [file = '', ...others] = await kept();
    expect(others).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(`// ${sha256(code)}\n${code}`);
    await writeFile(file, `// ${sha256('kept')}\nkept`);
    expect(await bundleWorkflows(log, folder)).toEqual({ code: 'kept' });
  });

  it('of which only a part was written is made anew, also where nothing can be kept', async () => {
    const [file = ''] = await kept();
    await truncate(file, 70);
    const nowhere = path.join(file, 'in a file');
    for (const place of [folder, nowhere])
      expect((await bundleWorkflows(log, place)).code).toContain('./src/workflows/journey.ts');
  });
});

it('the hash of what a bundle is made of differs when a file is added, changed or renamed, or a version is another', async () => {
  const sources = path.join(folder, 'sources');
  await mkdir(path.join(sources, 'inner'), { recursive: true });
  const hashes = [await hashOfFolders([sources], '1')];
  await writeFile(path.join(sources, 'inner', 'a.ts'), 'one');
  hashes.push(await hashOfFolders([sources], '1'));
  await writeFile(path.join(sources, 'inner', 'a.ts'), 'two');
  hashes.push(await hashOfFolders([sources], '1'));
  await rename(path.join(sources, 'inner', 'a.ts'), path.join(sources, 'inner', 'b.ts'));
  hashes.push(await hashOfFolders([sources], '1'), await hashOfFolders([sources], '2'));
  expect(new Set(hashes).size).toBe(5);
  expect(await hashOfFolders([sources], '2')).toBe(hashes.at(-1));
});
