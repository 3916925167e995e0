import { mkdir } from 'node:fs/promises';
import { RepointError } from '../domain/errors.ts';
import {
  cachedPath,
  cacheFolder,
  isExecutable,
  onPath,
  type TemporalBinary,
  temporalCli,
  temporalTestServer,
} from './temporalBinaries.ts';
import { type Download, downloads } from './temporalDownloads.ts';

export interface FindOptions {
  readonly env?: Record<string, string | undefined>;
  /** Receives every progress line; a download is never silent. */
  readonly say?: (line: string) => void;
  /** Tried in order when the program is neither on PATH nor in the cache. */
  readonly downloads?: readonly Download[];
}

/**
 * The path of the `temporal` program: on PATH, else in our cache, else downloaded into it.
 * @throws RepointError Unavailable saying what was tried and what the reader can do
 */
export async function findTemporalCli(options: FindOptions = {}): Promise<string> {
  return find(temporalCli, options);
}

/**
 * The path of the time-skipping `temporal-test-server`, found in the same order. For tests.
 * @throws RepointError Unavailable saying what was tried and what the reader can do
 */
export async function findTestServer(options: FindOptions = {}): Promise<string> {
  return find(temporalTestServer, options);
}

async function find(binary: TemporalBinary, options: FindOptions): Promise<string> {
  const env = options.env ?? process.env;
  const say = options.say ?? ((line: string) => process.stderr.write(`${line}\n`));
  const installed = await onPath(binary.name, env);
  if (installed !== null) return installed;

  const folder = cacheFolder(env);
  const target = cachedPath(binary, folder);
  if (await isExecutable(target)) return target;

  await mkdir(folder, { recursive: true });
  const failures: string[] = [];
  for (const download of options.downloads ?? downloads) {
    say(`${binary.title}: not on this machine yet; ${download.describe(binary)} into ${folder} …`);
    try {
      await download.fetch(binary, target, env);
      say(`${binary.title}: kept at ${target}`);
      return target;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${download.name}: ${reason}`);
      say(`${binary.title}: that did not work (${reason})`);
    }
  }
  throw notFoundAnywhere(binary, folder, failures);
}

function notFoundAnywhere(binary: TemporalBinary, folder: string, failures: readonly string[]): RepointError {
  const advice =
    binary === temporalCli
      ? 'install the Temporal CLI so that `temporal` is on PATH (https://docs.temporal.io/cli), ' +
        'or set TEMPORAL_ADDRESS to a Temporal server that is already running'
      : `put the program \`${binary.name}\` on PATH`;
  return new RepointError(
    'Unavailable',
    `${binary.title}: not found on PATH nor in ${folder}, and it could not be downloaded ` +
      `(${failures.join('; ')}). What to do: ${advice}.`,
  );
}
