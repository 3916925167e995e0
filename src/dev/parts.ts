import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import type { HealthChecks } from '../api/health.ts';
import { serveApi } from '../api/serveApi.ts';
import { type MailboxOptions, startMailbox } from '../channels/mailbox/startMailbox.ts';
import type { TemporalSettings } from '../client/connectTemporal.ts';
import type { Config } from '../config.ts';
import type { OpenDeps } from '../createDeps.ts';
import { RepointError } from '../domain/errors.ts';
import { openTemporal } from '../openTemporal.ts';
import { type RunningWorker, runWorker } from '../runWorker.ts';
import type { DataFolder } from './dataFolder.ts';
import type { Undoing } from './undo.ts';

export interface PartsContext {
  readonly deps: OpenDeps;
  readonly temporal: TemporalSettings;
  readonly bundle: WorkflowBundle;
  readonly folder: DataFolder;
  readonly undo: Undoing;
}

export interface Parts {
  readonly apiUrl: string;
  readonly mailboxUrl: string;
  readonly worker: RunningWorker;
}

/** Starts what is Repoint's own, in the order in which one needs the other: mailbox, worker, API. */
export async function startParts({ deps, temporal, bundle, folder, undo }: PartsContext): Promise<Parts> {
  const { config, log } = deps;
  let apiUrl = '';
  await mkdir(path.join(folder.path, 's3'), { recursive: true });
  const mailbox = await startMailbox({
    host: config.REPOINT_HOST,
    port: config.REPOINT_MAILBOX_PORT,
    dataFile: path.join(folder.path, 'mailbox.jsonl'),
    apiUrl: () => apiUrl,
    log,
    ...phoneKey(config),
  });
  undo.push(() => mailbox.close());

  const access = await openTemporal(temporal);
  undo.push(() => access.close());
  const worker = await runWorker(deps, access, bundle);
  undo.push(() => worker.stop());

  const health = {
    postgres: deps.checkDatabase,
    temporal: access.check,
    worker: () => stillRuns(worker),
    mailbox: async () => {
      const answer = await fetch(`${mailbox.url}/messages?to=nobody`);
      if (!answer.ok) throw new RepointError('Unavailable', `The mailbox answered ${answer.status}`);
    },
  } satisfies HealthChecks;
  const address = { host: config.REPOINT_HOST, port: config.REPOINT_PORT };
  const api = await serveApi(deps, address, { health });
  undo.push(() => api.close());
  apiUrl = api.url;
  return { apiUrl: api.url, mailboxUrl: mailbox.url, worker };
}

/** The mailbox plays a phone, which calls the API: with a key of its own where there is one. */
function phoneKey(config: Config): Pick<MailboxOptions, 'credentials'> {
  const [key] = config.REPOINT_ACCESS_KEYS;
  return key === undefined ? {} : { credentials: { accessKeyId: key[0], secretAccessKey: key[1] } };
}

/** Rejects once the worker has ended. */
export async function stillRuns(worker: RunningWorker): Promise<void> {
  const pending = Symbol('pending');
  const state = await Promise.race([worker.ended, Promise.resolve(pending)]);
  if (state !== pending) throw new RepointError('Unavailable', 'The worker has ended');
}
