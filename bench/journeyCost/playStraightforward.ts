import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { quietRuntime } from '../../src/testing/quietRuntime.ts';
import { type Cost, countCost } from '../../test/support/journeyCost.ts';
import type { Scenario } from './scenarios.ts';
import { heard, type StraightforwardInput, straightforward } from './straightforward.ts';

const dayMs = 24 * 3_600_000;
const taskQueue = 'straightforward';

/** Has each scenario pass the workflow one writes first, on a time-skipping server, and counts what it cost. */
export async function playStraightforward(
  testServerPath: string,
  scenarios: readonly Scenario[],
): Promise<Cost[]> {
  quietRuntime();
  const server = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: testServerPath } },
  });
  try {
    const worker = await createWorker(server);
    return await worker.runUntil(async () => {
      const costs: Cost[] = [];
      for (const scenario of scenarios) costs.push(await play(server, scenario));
      return costs;
    });
  } finally {
    await server.teardown();
  }
}

/** With the settings that Repoint's own worker has, as far as they show in histories. */
async function createWorker(server: TestWorkflowEnvironment): Promise<Worker> {
  return await Worker.create({
    connection: server.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./straightforward.ts', import.meta.url)),
    activities: {
      sendMessage: async () => {},
      isInSegment: async () => true,
      record: async () => {},
    },
    workerDeploymentOptions: {
      version: { deploymentName: 'straightforward', buildId: '1' },
      useWorkerVersioning: false,
    },
  });
}

async function play(server: TestWorkflowEnvironment, { person, nodes, opens }: Scenario): Promise<Cost> {
  const input: StraightforwardInput = {
    appId: '0123456789abcdef0123456789abcdef',
    journeyId: 'fedcba9876543210fedcba9876543210',
    endpointId: `${person}-email`,
    nodes,
  };
  const workflowId = `${input.journeyId}/${input.endpointId}`;
  const handle = await server.client.workflow.start(straightforward, {
    taskQueue,
    workflowId,
    args: [input],
  });
  if (opens !== undefined) {
    await server.sleep(dayMs);
    await handle.signal(heard);
  }
  await handle.result();
  return countCost(await handle.fetchHistory());
}
