import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from './activities/createActivities.ts';
import { impersonalFailures } from './activities/impersonalFailures.ts';
import type { QueueStatus } from './channels/feedbackQueue.ts';
import { noticeClosed } from './client/noticeClosed.ts';
import { relayBatch } from './client/relay.ts';
import { repairEntries } from './client/repair.ts';
import { repairOwners } from './client/repairOwners.ts';
import { requireSameIds } from './client/requireSameIds.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { hearFeedback } from './hearFeedback.ts';
import { drainDirtyEndpoints } from './ingest/entering/journeyMembership.ts';
import { type Loop, startLoop } from './loop.ts';
import { settleRequests } from './sending/settleRequests.ts';
import { sendStreams } from './streams/sendStreams.ts';
import { keepUp } from './upkeep.ts';

/** Idle real milliseconds between looks at the outbox and at written endpoints: what an entry waits at most twice. */
const IDLE_MS = 100;
/** Real milliseconds between batches of entries that are overdue, however many there are: Temporal has other things to do. */
const REPAIR_MS = 5000;
/** Idle real milliseconds between asking whether it is time to look for workflows that an operator has closed. */
const CLOSED_MS = 2000;
/** Idle real milliseconds between looks at event streams: what a record waits at most. */
const STREAM_MS = 500;
/** Idle real milliseconds between looks at what requests have left open. */
const REQUESTS_MS = 1000;
/** Real milliseconds between looks at what the database needs. */
const UPKEEP_MS = 10 * 60_000;

export interface TemporalAccess {
  readonly native: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
}

export interface RunningWorker {
  /** Resolves when the worker has ended by itself, rejects when it failed. */
  readonly ended: Promise<void>;
  /** How the feedback queues are heard. */
  feedback(): readonly QueueStatus[];
  /** Takes no more work, lets what runs come to its end and resolves then. */
  stop(): Promise<void>;
}

/** What any worker of ours is set to, whatever it works on. */
export function workerSettings(config: Config) {
  return {
    taskQueue: config.REPOINT_TASK_QUEUE,
    maxCachedWorkflows: config.REPOINT_CACHED_WORKFLOWS,
    // The default build id, 64 hex digits, stands in every workflow task and is a quarter of a history.
    workerDeploymentOptions: {
      version: { deploymentName: 'repoint', buildId: '1' },
      useWorkerVersioning: false,
    },
    // A worker that was killed leaves its cached workflows to others after this.
    stickyQueueScheduleToStartTimeout: '2s',
    // Longer than any send takes, so that stopping cuts none off.
    shutdownGraceTime: '15s',
  } as const;
}

/** A worker for all workflows and activities, not yet running. */
export async function createWorker(
  deps: Deps,
  temporal: Omit<TemporalAccess, 'client'>,
  bundle: WorkflowBundleOption,
  options: { maxCachedWorkflows?: number } = {},
): Promise<Worker> {
  return await Worker.create({
    ...workerSettings(deps.config),
    ...options,
    connection: temporal.native,
    namespace: temporal.namespace,
    workflowBundle: bundle,
    activities: createActivities(deps),
    interceptors: { activity: [impersonalFailures(deps.log)] },
  });
}

/**
 * Runs a worker, and with it the loops that feed it, the relay of the outbox and the membership of written endpoints,
 * those that keep things in order, and the feedback queues. Any number of processes may run it.
 */
export async function runWorker(
  deps: Deps,
  temporal: TemporalAccess,
  bundle: WorkflowBundleOption,
): Promise<RunningWorker> {
  await requireSameIds(deps);
  const worker = await createWorker(deps, temporal, bundle);
  const queues = hearFeedback(deps);
  const loops = [
    ...queues,
    startLoop('relay', IDLE_MS, deps.log, () => relayBatch(deps, temporal.client)),
    startLoop('membership', IDLE_MS, deps.log, () => drainDirtyEndpoints(deps)),
    startLoop('repair', REPAIR_MS, deps.log, () => repairAtPace(deps, temporal.client)),
    startLoop('closed workflows', CLOSED_MS, deps.log, () => noticeClosed(deps, temporal.client)),
    startLoop('requests', REQUESTS_MS, deps.log, () => settleRequests(deps)),
    startLoop('streams', STREAM_MS, deps.log, () => sendStreams(deps)),
    startLoop('upkeep', UPKEEP_MS, deps.log, () => keepUp(deps)),
    startLoop('limits', deps.config.REPOINT_LIMITS_REFRESH_SECONDS * 1000, deps.log, () =>
      refreshAtPace(deps),
    ),
  ];
  const ended = untilEnded(worker, loops);
  return {
    ended,
    feedback: () => queues.map((queue) => queue.status()),
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

/** One batch of each sort a turn. */
async function repairAtPace(deps: Deps, temporal: Client): Promise<number> {
  await repairEntries(deps, temporal);
  await repairOwners(deps, temporal);
  return 0;
}

async function refreshAtPace({ rates }: Deps): Promise<number> {
  await rates.refresh();
  return 0;
}

async function untilEnded(worker: Worker, loops: readonly Loop[]): Promise<void> {
  try {
    await worker.run();
  } finally {
    await Promise.all(loops.map((loop) => loop.stop()));
  }
}
