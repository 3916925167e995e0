import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, type InjectedSinks, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { JourneyActivities } from '../../src/activities/journeyActivities.ts';
import type { Plan } from '../../src/domain/journey/plan.ts';
import { quietRuntime } from '../../src/testing/quietRuntime.ts';
import type { JourneyInput } from '../../src/workflows/journey.ts';
import type { Command, RecorderSinks } from '../replay/recordCommands.ts';

/** What a workflow did: its history, its commands with their arguments, and how it ended. */
export interface JourneyRun {
  readonly history: temporal.api.history.v1.IHistory;
  readonly commands: readonly Command[];
  readonly status: string;
}

/** How a run is driven from outside. */
export interface Driver {
  readonly handle: WorkflowHandle;
  /** Logical milliseconds since the start of the run. */
  elapsed(): Promise<number>;
  /** Lets logical milliseconds pass. */
  sleep(milliseconds: number): Promise<void>;
}

/** The activities' answers; instants are milliseconds since the start of the run. Null: the question fails the test. */
export type Answers = {
  readonly [K in keyof JourneyActivities]?: (
    input: Parameters<JourneyActivities[K]>[0],
    elapsed: number,
  ) => Awaited<ReturnType<JourneyActivities[K]>>;
};

export interface JourneyRunner {
  run(plan: Plan, answers: Answers, drive?: (driver: Driver) => Promise<void>): Promise<JourneyRun>;
  close(): Promise<void>;
}

/** Bundles the workflows with the recorder of their commands. */
export async function bundleWithRecorder(): Promise<WorkflowBundle> {
  const silent = () => {};
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  return await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    workflowInterceptorModules: [fileURLToPath(new URL('../replay/recordCommands.ts', import.meta.url))],
    logger,
  });
}

/** Sinks that keep the commands of a run, or of a replay. */
export function commandSinks(commands: Command[]): InjectedSinks<RecorderSinks> {
  return {
    recorder: {
      command: {
        fn: (_, command) => {
          commands.push(command);
        },
        callDuringReplay: true,
      },
    },
  };
}

/** Runs the journey workflow alone, with made-up answers, on a server that skips time. */
export async function startJourneyRunner(serverPath: string): Promise<JourneyRunner> {
  quietRuntime();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: serverPath } },
  });
  const workflowBundle = await bundleWithRecorder();
  // the environment's own client would skip time while it waits for a result
  const client = new Client({ connection: environment.connection });
  return {
    run: async (plan, answers, drive) => {
      const taskQueue = randomUUID();
      const commands: Command[] = [];
      const startedAt = await environment.currentTimeMs();
      const elapsed = async () => (await environment.currentTimeMs()) - startedAt;
      const worker = await Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        workflowBundle,
        activities: activitiesOf(answers, startedAt, elapsed),
        sinks: commandSinks(commands),
        maxCachedWorkflows: 10,
        workerDeploymentOptions: {
          version: { deploymentName: 'repoint', buildId: '1' },
          useWorkerVersioning: false,
        },
      });
      return await worker.runUntil(async () => {
        const input: JourneyInput = { appId: 'app', entryId: 'entry', enteredAt: startedAt, plan };
        const workflowId = `journey/${randomUUID()}`;
        const handle = await client.workflow.start('journey', { workflowId, taskQueue, args: [input] });
        await drive?.({ handle, elapsed, sleep: (milliseconds) => environment.sleep(milliseconds) });
        const { status } = await handle.describe();
        return { history: await handle.fetchHistory(), commands, status: status.name };
      });
    },
    close: () => environment.teardown(),
  };
}

function activitiesOf(
  answers: Answers,
  startedAt: number,
  elapsed: () => Promise<number>,
): JourneyActivities {
  const answer = async <K extends keyof JourneyActivities>(
    name: K,
    input: Parameters<JourneyActivities[K]>[0],
  ): Promise<Awaited<ReturnType<JourneyActivities[K]>>> => {
    const given = answers[name];
    if (!given) throw new Error(`${name} was not expected`);
    const relative = given(input as never, await elapsed());
    return shifted(relative, startedAt);
  };
  return {
    sendEmail: (input) => answer('sendEmail', input),
    sendSms: (input) => answer('sendSms', input),
    sendPush: (input) => answer('sendPush', input),
    callCustomChannel: (input) => answer('callCustomChannel', input),
    decide: (input) => answer('decide', input),
    finish: (input) => answer('finish', input),
  };
}

/** Answers carry instants since the start; the workflow knows epoch milliseconds. */
function shifted<A extends object>(answer: A, startedAt: number): A {
  const instants = ['at', 'until'] as const;
  const moved = Object.entries(answer).map(([key, value]) =>
    (instants as readonly string[]).includes(key) ? [key, (value as number) + startedAt] : [key, value],
  );
  return Object.fromEntries(moved) as A;
}
