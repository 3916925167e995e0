import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { PinpointClient } from '@aws-sdk/client-pinpoint';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { createSender } from '../channels/createSender.ts';
import { createCustomChannel } from '../channels/custom/createCustomChannel.ts';
import { createUpstream } from '../channels/upstream/upstreamPinpoint.ts';
import { addSearchAttributes, searchAttributeNames } from '../client/searchAttributes.ts';
import { readConfig } from '../config.ts';
import type { Deps } from '../deps.ts';
import { createWorker } from '../runWorker.ts';
import type { Environment } from './environment.ts';
import { quietRuntime } from './quietRuntime.ts';
import { nextInstant, type Settling, settleWorld } from './settle.ts';
import { startTestApi } from './testApi.ts';
import { cloneDatabase, type TestDatabase } from './testDatabase.ts';
import { testDeps, testSettings } from './testDeps.ts';
import { startTestMailbox, type TestMailbox } from './testMailbox.ts';

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

/** Starts a world of its own time and database. */
export async function startWorld(environment: Environment, options: WorldOptions = {}): Promise<World> {
  quietRuntime();
  const [server, database, mailbox] = await Promise.all([
    startTimeSkipping(environment.testServerPath),
    cloneDatabase(environment.postgresUrl, environment.template),
    startTestMailbox({ parentFolder: path.dirname(environment.workflowBundlePath) }),
  ]);
  const deps = worldDeps(server, database, mailbox, options);
  const api = await startTestApi(database, { deps });
  mailbox.pointAt(api.url);
  await deps.rates.refresh();
  const { temporal, started } = recordingClient(server);
  const workers = await startWorkers(deps, server, environment.workflowBundlePath, options);
  const settling: Settling = { deps, temporal, started, closed: new Set(), mailbox, environment: server };
  const settle = () => settleWorld(settling);
  return {
    url: api.url,
    client: api.client,
    deps,
    mailbox,
    temporal,
    now: () => deps.clock.now(),
    settle,
    advance: (milliseconds) => advance(settling, milliseconds),
    skip: (milliseconds) => server.sleep(milliseconds),
    startedWorkflows: () => started,
    restartWorker: workers.restart,
    close: async () => {
      try {
        // terminating in the middle of a workflow task would stop skipping for good
        await server.sleep(1000);
        await workers.stop();
      } finally {
        await api.close();
        await mailbox.close();
        await server.teardown();
        await database.drop();
      }
    },
  };
}

async function startTimeSkipping(testServerPath: string): Promise<TestWorkflowEnvironment> {
  const server = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: testServerPath } },
  });
  // the test server can add them and cannot list them
  await addSearchAttributes(server.connection, namespaceOf(server), searchAttributeNames);
  return server;
}

function namespaceOf(server: TestWorkflowEnvironment): string {
  return server.namespace ?? 'default';
}

function worldDeps(
  server: TestWorkflowEnvironment,
  database: TestDatabase,
  mailbox: TestMailbox,
  options: WorldOptions,
): Deps {
  const config = readConfig({
    ...testSettings,
    REPOINT_TASK_QUEUE: `test-${randomUUID()}`,
    REPOINT_UPSTREAM_SES_URL: mailbox.url,
    REPOINT_UPSTREAM_PINPOINT_URL: mailbox.url,
    ...options.settings,
  });
  return testDeps(database.db, {
    config,
    clock: { now: async () => new Date(await server.currentTimeMs()) },
    upstream: createUpstream(config),
    sender: createSender(config, testDeps(database.db).log),
    customChannel: createCustomChannel(config, testDeps(database.db).log),
    ...options.deps,
  });
}

/** A plain client, for the environment's own skips time while it waits, and the workflows it starts. */
function recordingClient(server: TestWorkflowEnvironment): { temporal: Client; started: readonly string[] } {
  const started: string[] = [];
  const recorder: WorkflowClientInterceptor = {
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
  };
  const temporal = new Client({
    connection: server.connection,
    namespace: namespaceOf(server),
    interceptors: { workflow: [recorder] },
  });
  return { temporal: withoutDeletion(temporal), started };
}

async function startWorkers(
  deps: Deps,
  server: TestWorkflowEnvironment,
  workflowBundlePath: string,
  { maxCachedWorkflows }: WorldOptions,
): Promise<{ restart(): Promise<void>; stop(): Promise<void> }> {
  const access = { native: server.nativeConnection, namespace: namespaceOf(server) };
  const cache = maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows };
  const run = async () => {
    const worker = await createWorker(deps, access, { codePath: workflowBundlePath }, cache);
    return { worker, ended: worker.run() };
  };
  let running = await run();
  const stop = async () => {
    running.worker.shutdown();
    await running.ended;
  };
  return {
    stop,
    restart: async () => {
      await stop();
      running = await run();
    },
  };
}

/** Stops at every instant at which something is due. */
async function advance(settling: Settling, milliseconds: number): Promise<void> {
  const { deps, environment } = settling;
  const target = (await deps.clock.now()).getTime() + milliseconds;
  for (;;) {
    await settleWorld(settling);
    const now = (await deps.clock.now()).getTime();
    if (now >= target) return;
    const next = await nextInstant(deps, now);
    await environment.sleep(Math.max(1, Math.min(target, next) - now));
  }
}

/**
 * The test server has no deletion, and an attempt of it leaves the server in a state in which it refuses the next
 * workflow task of another workflow. What is deleted there stays, and ends at its next wake.
 */
function withoutDeletion(client: Client): Client {
  const workflowService = Object.create(client.workflowService, {
    deleteWorkflowExecution: { value: async () => ({}) },
  });
  return Object.create(client, { workflowService: { value: workflowService } });
}
