import type { Client } from '@temporalio/client';
import type { Owner } from '../db/repair/owners.ts';
import type { Deps } from '../deps.ts';
import { ownerEnded } from './ownerEnded.ts';
import { workflowCondition } from './workflowCondition.ts';

/**
 * Asks Temporal how the workflow of an owner is, in which something is left to do, and draws the consequence where it is
 * over. One that was reset goes on by itself. False where Temporal cannot say.
 */
export async function seeToOwner(deps: Deps, temporal: Client, owner: Owner, now: Date): Promise<boolean> {
  const condition = await workflowCondition(deps, temporal, owner.start.workflowId);
  if (condition === undefined) return false;
  if (condition.is === 'busy' || condition.is === 'idle') return true;
  const reason = condition.is === 'gone' ? 'WORKFLOW_LOST' : condition.reason;
  await deps.db.transaction().execute((tx) => ownerEnded(tx, deps, owner, reason, now));
  return true;
}
