import path from 'node:path';
import type { Config } from '../config.ts';
import { createDeps } from '../createDeps.ts';
import { migrate } from '../db/migrate.ts';
import { createPartitions } from '../db/partitions.ts';
import type { Deps } from '../deps.ts';
import { RepointError } from '../domain/errors.ts';
import { createFileLog } from '../log.ts';
import { installTemporalRuntime } from '../temporalRuntime.ts';
import { bundleWorkflows } from '../workflowBundle.ts';
import { claimDataFolder, type DataFolder } from './dataFolder.ts';
import { startParts } from './parts.ts';
import { requireFreePorts } from './ports.ts';
import { providePostgres, provideTemporal } from './servers.ts';
import { readStackSettings, type StackSettings, wantedPorts } from './stackSettings.ts';
import { createUndo, type Undoing } from './undo.ts';

export interface StackOptions {
  readonly env: Record<string, string | undefined>;
  /** Receives progress, a line at a time. */
  readonly say: (line: string) => void;
  /** What the log also shows on stderr, or worse; absent: warnings. */
  readonly shown?: 'warn' | 'error';
  /** Aborting it while the stack starts stops what has started; the start then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Everything of Repoint, running in this process and its children. */
export interface Stack {
  readonly config: Config;
  /** Whether Postgres is the stack's own. */
  readonly embedsPostgres: boolean;
  readonly deps: Deps;
  readonly apiUrl: string;
  readonly mailboxUrl: string;
  readonly temporalUiUrl: string | undefined;
  readonly dataFolder: string;
  /** Rejects when a part ended that should not have. */
  readonly ended: Promise<never>;
  /** Stops everything, servers last, and leaves no process behind. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres, Temporal, mailbox, API and worker; all of it works when this resolves. Once a process.
 * @throws RepointError saying what is in the way and what to do; nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const undo = createUndo();
  const settings = readStackSettings(options.env);
  try {
    const folder = await claimDataFolder(settings.config.REPOINT_DATA_DIR);
    undo.push(() => folder.release());
    await requireFreePorts(wantedPorts(settings));
    return await startEverything(options, settings, folder, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function startEverything(
  options: StackOptions,
  settings: StackSettings,
  folder: DataFolder,
  undo: Undoing,
): Promise<Stack> {
  const logFile = path.join(folder.path, 'logs', 'repoint.log');
  const log = createFileLog(settings.config.REPOINT_LOG_LEVEL, logFile, options.shown);
  installTemporalRuntime(log);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  const failed = (name: string, printed: string) =>
    failure.reject(new RepointError('Internal', `${name} ended by itself. Its last words:\n${printed}`));
  const context = { settings, env: options.env, folder, undo, say: options.say, failed };
  const [databaseUrl, temporal, bundle] = await allSettledOrThrow([
    providePostgres(context),
    provideTemporal(context),
    bundleWorkflows(log),
  ]);
  options.signal?.throwIfAborted();

  const config = { ...settings.config, DATABASE_URL: databaseUrl, REPOINT_TEMPORAL_UI_URL: temporal.uiUrl };
  const deps = createDeps(config, log);
  undo.push(() => deps.close());
  await migrate(deps.db);
  await createPartitions(deps.db, await deps.clock.now());
  options.signal?.throwIfAborted();
  const { worker, ...urls } = await startParts({ deps, temporal: temporal.settings, bundle, folder, undo });
  worker.ended.then(() => failed('The worker', ''), failure.reject);
  options.signal?.throwIfAborted();
  return {
    ...urls,
    config,
    embedsPostgres: settings.embedsPostgres,
    deps,
    temporalUiUrl: temporal.uiUrl,
    dataFolder: folder.path,
    ended: failure.promise,
    stop: () => undo.run(),
  };
}

/** Waits for all of them even when one fails: what the others start must be known before it can be stopped. */
async function allSettledOrThrow<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as T;
}
