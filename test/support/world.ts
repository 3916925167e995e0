import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PinpointClient } from '@aws-sdk/client-pinpoint';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { createSender } from '../../src/channels/createSender.ts';
import { createUpstream } from '../../src/channels/upstreamPinpoint.ts';
import { nextOutboxInstant, relayBatch } from '../../src/client/relay.ts';
import { addSearchAttributes, searchAttributeNames } from '../../src/client/searchAttributes.ts';
import { readConfig } from '../../src/config.ts';
import type { Deps } from '../../src/deps.ts';
import { drainDirtyEndpoints } from '../../src/ingest/journeyMembership.ts';
import { createWorker } from '../../src/runWorker.ts';
import { startTestApi } from './api.ts';
import { cloneDatabase } from './database.ts';
import { testDeps, testSettings } from './deps.ts';
import { startTestMailbox, type TestMailbox } from './mailbox.ts';
import { quietRuntime } from './quietRuntime.ts';
import { historyRests } from './rest.ts';

/** Repoint whole, on a Temporal server that skips time: the API on a port, Postgres, the mailbox, a worker. */
export interface World {
  readonly url: string;
  /** The SDK's own client. */
  readonly client: PinpointClient;
  readonly deps: Deps;
  readonly mailbox: TestMailbox;
  /** Plain: it never skips time by itself. */
  readonly temporal: Client;
  now(): Promise<Date>;
  /** Lets everything that is due happen. */
  settle(): Promise<void>;
  /** Lets logical milliseconds pass, stopping at every instant at which something is due. */
  advance(milliseconds: number): Promise<void>;
  /** Lets time pass while the relay and the membership loop are away. */
  skip(milliseconds: number): Promise<void>;
  /** The workflows that were started, oldest first. */
  startedWorkflows(): readonly string[];
  /** Ends the worker as a deploy does, and starts another. */
  restartWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly deps?: Partial<Deps>;
  /** 0: every workflow task replays from history, and no task waits for a worker that is gone. */
  readonly maxCachedWorkflows?: number;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  quietRuntime();
  const server = { executable: { type: 'existing-path' as const, path: inject('testServerPath') } };
  const [environment, database, mailbox] = await Promise.all([
    TestWorkflowEnvironment.createTimeSkipping({ server }),
    cloneDatabase(),
    startTestMailbox(),
  ]);
  const namespace = environment.namespace ?? 'default';
  // the test server can add them and cannot list them
  await addSearchAttributes(environment.connection, namespace, searchAttributeNames);
  const config = readConfig({
    ...testSettings,
    REPOINT_TASK_QUEUE: `test-${randomUUID()}`,
    REPOINT_UPSTREAM_SES_URL: mailbox.url,
    REPOINT_UPSTREAM_PINPOINT_URL: mailbox.url,
    ...options.settings,
  });
  const deps = testDeps(database.db, {
    config,
    clock: { now: async () => new Date(await environment.currentTimeMs()) },
    upstream: createUpstream(config),
    sender: createSender(config, testDeps(database.db).log),
    ...options.deps,
  });
  const api = await startTestApi(database, { deps });
  mailbox.pointAt(api.url);
  const started: string[] = [];
  const temporal = new Client({
    connection: environment.connection,
    namespace,
    interceptors: {
      workflow: [
        {
          async start(input, next) {
            const runId = await next(input);
            started.push(input.options.workflowId);
            return runId;
          },
          async signalWithStart(input, next) {
            const runId = await next(input);
            if (!started.includes(input.options.workflowId)) started.push(input.options.workflowId);
            return runId;
          },
        },
      ],
    },
  });
  const cache =
    options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows };
  const access = { native: environment.nativeConnection, namespace };
  const run = async () => {
    const worker = await createWorker(deps, access, { codePath: inject('workflowBundlePath') }, cache);
    return { worker, ended: worker.run() };
  };
  let running = await run();
  const stop = async () => {
    running.worker.shutdown();
    await running.ended;
  };
  const resting = new Set<string>();
  const settle = () => settleWorld({ deps, temporal, started, closed: resting, mailbox, environment });
  return {
    url: api.url,
    client: api.client,
    deps,
    mailbox,
    temporal,
    now: () => deps.clock.now(),
    settle,
    advance: async (milliseconds) => {
      const target = (await deps.clock.now()).getTime() + milliseconds;
      for (;;) {
        await settle();
        const now = (await deps.clock.now()).getTime();
        if (now >= target) return;
        const next = await nextInstant(deps, now);
        await environment.sleep(Math.max(1, Math.min(target, next) - now));
      }
    },
    skip: (milliseconds) => environment.sleep(milliseconds),
    startedWorkflows: () => started,
    restartWorker: async () => {
      await stop();
      running = await run();
    },
    close: async () => {
      try {
        // terminating in the middle of a workflow task would stop skipping for good
        await environment.sleep(1000);
        await stop();
      } finally {
        await api.close();
        await mailbox.close();
        await environment.teardown();
        await database.drop();
      }
    },
  };
}

const SETTLE_TIMEOUT_MS = 30_000;
/** Real milliseconds of unrest after which the server is given time. */
const PATIENCE_MS = 3000;
/** Logical milliseconds: longer than a workflow task may take. */
const TASK_TIMEOUT_MS = 10_500;

interface Settling {
  readonly deps: Deps;
  readonly temporal: Client;
  readonly started: readonly string[];
  readonly closed: Set<string>;
  readonly mailbox: TestMailbox;
  readonly environment: TestWorkflowEnvironment;
}

async function settleWorld(settling: Settling): Promise<void> {
  const { deps, temporal, started, closed, mailbox, environment } = settling;
  const startedAt = Date.now();
  let patientUntil = startedAt + PATIENCE_MS;
  let quiet = 0;
  while (quiet < 2) {
    await mailbox.messages();
    const moved = (await drainDirtyEndpoints(deps)) + (await relayBatch(deps, temporal));
    const rests = await Promise.all(
      started.filter((id) => !closed.has(id)).map((id) => historyRests(temporal, id, closed)),
    );
    const isQuiet = moved === 0 && rests.every(Boolean);
    quiet = isQuiet ? quiet + 1 : 0;
    if (!isQuiet) await pause(2);
    if (Date.now() > startedAt + SETTLE_TIMEOUT_MS)
      throw new Error(`the world does not come to rest: ${await unrest(temporal, started, closed)}`);
    if (!isQuiet && Date.now() > patientUntil) {
      // The test server may hand a task to a poll that has just ended, and finds out only when time passes.
      await environment.sleep(TASK_TIMEOUT_MS);
      patientUntil = Date.now() + PATIENCE_MS;
    }
  }
}

/** What is still under way, for the error's text. */
async function unrest(
  temporal: Client,
  started: readonly string[],
  closed: ReadonlySet<string>,
): Promise<string> {
  const open = started.filter((id) => !closed.has(id));
  const lasts = await Promise.all(
    open.map(async (id) => {
      const { events } = await temporal.workflow.getHandle(id).fetchHistory();
      return `${id}: ${events?.map((event) => event.eventType).join(' ')}`;
    }),
  );
  return lasts.join('; ');
}

/** The next logical instant at which the outbox or an entry has something to do. */
async function nextInstant(deps: Deps, now: number): Promise<number> {
  const outbox = await nextOutboxInstant(deps.db);
  const entries = await deps.db
    .selectFrom('journey_entry')
    .select((eb) => eb.fn.min<Date | null>('wake_at').as('next'))
    .where('ended_at', 'is', null)
    .where('wake_at', '>', new Date(now))
    .executeTakeFirst();
  const instants = [outbox, entries?.next].flatMap((instant) => (instant ? [instant.getTime()] : []));
  return Math.min(...instants.filter((instant) => instant > now), Number.POSITIVE_INFINITY);
}
