import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire, getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import type { Log } from './log.ts';

/** All that a bundle is made of beside Temporal's own packages: `workflows` imports code of these rooms only. */
const rooms = ['workflows', 'domain'];
const packages = ['@temporalio/worker', '@temporalio/workflow', '@temporalio/common'];

/**
 * The workflows in one file: once, for all workers of a process. Bundling takes 1 to 3 seconds, so what an earlier start made
 * is taken again as long as nothing that it is made of has changed.
 * @param folder where bundles are kept: Node's compile cache, where one is on; absent: nowhere
 */
export async function bundleWorkflows(log: Log, folder = getCompileCacheDir()): Promise<WorkflowBundle> {
  if (folder === undefined) return await bundle(log);
  const file = path.join(folder, `repoint-workflows-${await hashOfSources()}.cjs`);
  const kept = await readKept(file);
  if (kept !== undefined) return { code: kept };
  const made = await bundle(log);
  await keep(file, made.code).catch((error: unknown) => log.debug({ err: error }, 'bundle not kept'));
  return made;
}

async function bundle(log: Log): Promise<WorkflowBundle> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const workflowsPath = fileURLToPath(new URL(`./workflows/index.${extension}`, import.meta.url));
  const logger = new DefaultLogger('ERROR', ({ message }) => log.error(message));
  return await bundleWorkflowCode({ workflowsPath, logger });
}

async function hashOfSources(): Promise<string> {
  const require = createRequire(import.meta.url);
  const versions = packages.map((name) => require(`${name}/package.json`).version as string);
  const folders = rooms.map((room) => fileURLToPath(new URL(`./${room}`, import.meta.url)));
  return await hashOfFolders(folders, versions.join());
}

/** Differs as soon as a file below one of the folders is added, removed, renamed or changed, or `more` is another. */
export async function hashOfFolders(folders: readonly string[], more: string): Promise<string> {
  const hash = createHash('sha256').update(more);
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    for (const file of files.map(({ parentPath, name }) => path.join(parentPath, name)).sort()) {
      const content = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      hash.update(`\0${path.relative(folder, file)}\0${content}`);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** A kept bundle begins with its own hash: a machine that loses power may leave half of one. */
async function readKept(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const code = text.slice(text.indexOf('\n') + 1);
  return text.startsWith(`${headOf(code)}\n`) ? code : undefined;
}

/** Under another name first, so that nobody reads what is half written; then those of earlier sources go. */
async function keep(file: string, code: string): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, `${headOf(code)}\n${code}`);
  await rename(unfinished, file);
  const folder = path.dirname(file);
  for (const name of await readdir(folder))
    if (name.startsWith('repoint-workflows-') && name !== path.basename(file))
      await rm(path.join(folder, name), { force: true });
}

const headOf = (code: string) => `// ${createHash('sha256').update(code).digest('hex')}`;
