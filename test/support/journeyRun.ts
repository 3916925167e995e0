import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, type InjectedSinks, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { JourneyActivities } from '../../src/activities/journey/journeyActivities.ts';
import type { Plan } from '../../src/domain/journey/plan.ts';
import { quietRuntime } from '../../src/testing/quietRuntime.ts';
import type { JourneyInput } from '../../src/workflows/journey.ts';
import type { Command, RecorderSinks } from '../replay/recordCommands.ts';

/** What a workflow did: its history, its commands with their arguments, and how it ended. */
export interface WorkflowRun {
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

/** A workflow of any kind, with what its activities answer; instants are milliseconds since the start of the run. */
export interface AnsweredWorkflow {
  readonly type: string;
  readonly input: object;
  readonly activities: Readonly<Record<string, Answer>>;
}

/** An activity's answer; what it throws is its failure. */
export type Answer = (input: unknown, elapsed: number) => unknown;

export type Drive = (driver: Driver) => Promise<void>;

export interface JourneyRunner {
  run(plan: Plan, answers: Answers, drive?: Drive): Promise<WorkflowRun>;
  runOther(workflow: AnsweredWorkflow, drive: Drive): Promise<WorkflowRun>;
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

/** Runs workflows alone, with made-up answers, on a server that skips time. */
export async function startJourneyRunner(serverPath: string): Promise<JourneyRunner> {
  quietRuntime();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: serverPath } },
  });
  const workflowBundle = await bundleWithRecorder();
  // the environment's own client would skip time while it waits for a result
  const client = new Client({ connection: environment.connection });
  const run = async (workflow: AnsweredWorkflow, startedAt: number, drive?: Drive): Promise<WorkflowRun> => {
    const taskQueue = randomUUID();
    const commands: Command[] = [];
    const elapsed = async () => (await environment.currentTimeMs()) - startedAt;
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue,
      workflowBundle,
      activities: activitiesOf(workflow.activities, startedAt, elapsed),
      sinks: commandSinks(commands),
      maxCachedWorkflows: 10,
      workerDeploymentOptions: {
        version: { deploymentName: 'repoint', buildId: '1' },
        useWorkerVersioning: false,
      },
    });
    return await worker.runUntil(async () => {
      const { type, input } = workflow;
      const workflowId = `${type}/${randomUUID()}`;
      const handle = await client.workflow.start(type, { workflowId, taskQueue, args: [input] });
      await drive?.({ handle, elapsed, sleep: (milliseconds) => environment.sleep(milliseconds) });
      const { status } = await handle.describe();
      return { history: await handle.fetchHistory(), commands, status: status.name };
    });
  };
  return {
    run: async (plan, answers, drive) => {
      const startedAt = await environment.currentTimeMs();
      const input: JourneyInput = { appId: 'app', entryId: 'entry', enteredAt: startedAt, plan };
      // each answer takes the input of its own activity
      const activities = { ...unexpected, ...(answers as AnsweredWorkflow['activities']) };
      return await run({ type: 'journey', input, activities }, startedAt, drive);
    },
    runOther: async (workflow, drive) => await run(workflow, await environment.currentTimeMs(), drive),
    close: () => environment.teardown(),
  };
}

function notExpected(name: string): Answer {
  return () => {
    throw new Error(`${name} was not expected`);
  };
}

const unexpected: Readonly<Record<keyof JourneyActivities, Answer>> = {
  sendEmail: notExpected('sendEmail'),
  sendSms: notExpected('sendSms'),
  sendPush: notExpected('sendPush'),
  callCustomChannel: notExpected('callCustomChannel'),
  decide: notExpected('decide'),
  finish: notExpected('finish'),
};

function activitiesOf(
  answers: AnsweredWorkflow['activities'],
  startedAt: number,
  elapsed: () => Promise<number>,
) {
  return Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      async (input: unknown) => shifted(await answer(input, await elapsed()), startedAt),
    ]),
  );
}

/** Answers carry instants since the start; workflows know epoch milliseconds. */
function shifted(answer: unknown, startedAt: number): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const moved = Object.entries(answer).map(([key, value]) =>
    (key === 'at' || key === 'until') && typeof value === 'number' ? [key, value + startedAt] : [key, value],
  );
  return Object.fromEntries(moved);
}
