import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { expect } from 'vitest';
import type { Database } from '../../src/db/database.ts';

/** Resets a workflow as the Web UI does it, to a workflow task: the first is before everything that it has done. */
export async function resetWorkflow(temporal: Client, workflowId: string, taskNo = 0): Promise<void> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const task = events?.filter((event) => event.workflowTaskCompletedEventAttributes)[taskNo];
  await temporal.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    reason: 'an operator wants it so',
    workflowTaskFinishEventId: task?.eventId,
    requestId: randomUUID(),
  });
}

/** Deletes an execution, as if Temporal had lost it: when this resolves it does not know it any more. */
export async function loseWorkflow(temporal: Client, workflowId: string): Promise<void> {
  const workflow = temporal.workflow.getHandle(workflowId);
  const workflowExecution = { workflowId };
  await temporal.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
  const status = () => workflow.describe().catch(() => 'gone');
  await expect.poll(status, { timeout: 60_000, interval: 100 }).toBe('gone');
}

/** The next look for what an operator has done need not wait for its time. */
export async function lookNow(db: Database, at: 'closed_look' | 'owner_look' = 'closed_look'): Promise<void> {
  await db
    .updateTable(at)
    .set({ next_at: new Date(0) })
    .execute();
}
