import { DeleteUserEndpointsCommand } from '@aws-sdk/client-pinpoint';
import { Client, WorkflowNotFoundError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { connectTemporal } from '../../src/client/connectTemporal.ts';
import { killSettings, runLedgerKills } from '../support/ledgerKills.ts';
import { useKillableStack } from '../support/useKillableStack.ts';
import { whereStands } from '../support/whereStands.ts';

/** `npm run bench -- ledger-kills` takes more of both. */
const people = Number(process.env.REPOINT_CHAOS_PEOPLE ?? 150);
const kills = Number(process.env.REPOINT_CHAOS_KILLS ?? 5);
const seed = Number(process.env.REPOINT_CHAOS_SEED ?? 1);
const timeoutMs = 120_000 + kills * 30_000 + people * 300;

let appId: string;
const stack = useKillableStack(killSettings);

it(`of ${people * 2} messages each is received once or listed as unknown, while providers fail and workers are killed`, {
  timeout: timeoutMs,
}, async () => {
  const judged = await runLedgerKills(stack, { people, kills, seed, timeoutMs: timeoutMs - 20_000 });
  ({ appId } = judged);
  expect(judged.breaches).toEqual([]);
  expect(judged.kills).toBe(kills);
  expect(Object.values(judged.states).reduce((sum, count) => sum + count)).toBe(people * 2);
  const { states, twice } = judged;
  process.stderr.write(`measured ${JSON.stringify({ ...states, twice, kills: judged.kills })}\n`);
});

it('of a deleted user nothing is left, neither in Postgres nor in Temporal', {
  timeout: 90_000,
}, async () => {
  const { db } = stack.database;
  const connection = await connectTemporal(stack.temporal.settings);
  const { workflow } = new Client({ connection });
  const executions = async () => {
    const ids: string[] = [];
    for await (const { workflowId } of workflow.list({ query: "RepointUser = 'person0'" }))
      ids.push(workflowId);
    return ids;
  };
  const patient = { timeout: 30_000, interval: 200 };
  try {
    const [workflowId = ''] = await executions();
    expect(workflowId).toContain('/person0-');
    await stack.client.send(new DeleteUserEndpointsCommand({ ApplicationId: appId, UserId: 'person0' }));
    await expect.poll(executions, patient).toEqual([]);
    await expect(workflow.getHandle(workflowId).describe()).rejects.toThrow(WorkflowNotFoundError);
    // what comes a minute later
    await db.updateTable('outbox').set({ not_before: new Date() }).where('kind', '=', 'erase').execute();
    await expect.poll(() => whereStands(db, ['person0', '+15550000000']), patient).toEqual({});
  } finally {
    await connection.close();
  }
});
