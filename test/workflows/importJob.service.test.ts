import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ImportActivities, ImportPieceId } from '../../src/activities/imports/importActivities.ts';
import type { importJob } from '../../src/workflows/importJob.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
  const executable = { type: 'existing-path' as const, path: inject('testServerPath') };
  env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
});
afterAll(() => env?.teardown());

const id = { appId: 'app', jobId: 'job' };

/** The activities as plain functions that note what was asked. */
function noting(pieces: number, overrides: Partial<ImportActivities> = {}) {
  const calls: string[] = [];
  const note = (name: string) => async (_: object, why?: string) => {
    calls.push(why === undefined ? name : `${name} ${why}`);
  };
  const activities: ImportActivities = {
    listImportPieces: async () => pieces,
    importPiece: async ({ piece }: ImportPieceId) => {
      calls.push(`import ${piece}`);
    },
    giveUpImportPiece: async ({ piece }: ImportPieceId) => {
      calls.push(`give up ${piece}`);
    },
    finishImport: note('finish'),
    giveUpImport: note('give up'),
    ...overrides,
  };
  return { activities, calls };
}

async function running<T>(
  activities: ImportActivities,
  use: (start: () => ReturnType<typeof env.client.workflow.start<typeof importJob>>) => Promise<T>,
): Promise<T> {
  const taskQueue = randomUUID();
  const workflowBundle = { codePath: inject('workflowBundlePath') };
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle,
    activities,
  });
  const options = { taskQueue, workflowId: `import-job/${randomUUID()}`, args: [id] as [typeof id] };
  return await worker.runUntil(use(() => env.client.workflow.start<typeof importJob>('importJob', options)));
}

it('imports every piece once, four at a time, then finishes', async () => {
  let active = 0;
  let most = 0;
  const { activities, calls } = noting(9, {
    importPiece: async ({ piece }) => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      calls.push(`import ${piece}`);
      active -= 1;
    },
  });
  await running(activities, async (start) => (await start()).result());
  expect(most).toBeLessThanOrEqual(4);
  expect(calls.slice(0, -1).toSorted()).toEqual(Array.from({ length: 9 }, (_, n) => `import ${n + 1}`));
  expect(calls.at(-1)).toBe('finish');
});

it('keeps its history bounded: after 500 pieces it goes on as a new run, which lists nothing again', async () => {
  let listed = 0;
  const { activities, calls } = noting(0, {
    listImportPieces: async () => {
      listed += 1;
      return 503;
    },
  });
  await running(activities, async (start) => {
    const first = await start();
    await first.result();
    const { historyLength, runId } = await env.client.workflow.getHandle(first.workflowId).describe();
    expect(runId).not.toBe(first.firstExecutionRunId);
    expect(historyLength).toBeLessThan(100);
  });
  expect(listed).toBe(1);
  expect(new Set(calls).size).toBe(calls.length);
  expect(calls).toHaveLength(504);
});

it('ends without more when there are no pieces', async () => {
  const { activities, calls } = noting(0);
  await running(activities, async (start) => (await start()).result());
  expect(calls).toEqual([]);
});

it('marks a piece that cannot be read for too long as failed, and goes on with the others', async () => {
  const { activities, calls } = noting(3, {
    importPiece: async ({ piece }) => {
      if (piece === 2) throw ApplicationFailure.nonRetryable('Unavailable', 'Unavailable');
      calls.push(`import ${piece}`);
    },
  });
  await running(activities, async (start) => (await start()).result());
  expect(calls.toSorted()).toEqual(['finish', 'give up 2', 'import 1', 'import 3']);
});

it('tries for hours to list the files, then gives the job up', async () => {
  let tries = 0;
  const { activities, calls } = noting(3, {
    listImportPieces: async () => {
      tries += 1;
      throw ApplicationFailure.retryable('Unavailable', 'Unavailable');
    },
  });
  await running(activities, async (start) => (await start()).result());
  expect(calls).toEqual(['give up unreachable']);
  expect(tries).toBeGreaterThan(300);
});

it('gives the job up when it is cancelled', async () => {
  const { activities, calls } = noting(1);
  activities.importPiece = async () => {
    calls.push('import 1');
    throw ApplicationFailure.retryable('Unavailable', 'Unavailable');
  };
  await running(activities, async (start) => {
    const handle = await start();
    await env.sleep(5_000);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
  });
  expect(calls[0]).toBe('import 1');
  expect(calls.at(-1)).toBe('give up cancelled');
});
