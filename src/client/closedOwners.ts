import type { Client } from '@temporalio/client';
import type { WorkflowType } from '../db/outbox/outbox.ts';
import { type Owner, readOwners } from '../db/repair/owners.ts';
import type { Deps } from '../deps.ts';
import type { ClosedRun } from './closedRuns.ts';
import { seeToOwner } from './seeToOwner.ts';

/**
 * Sees to the journeys, campaigns and import jobs whose workflows were closed from outside. False where Temporal cannot say
 * what became of one.
 */
export async function seeToOwners(
  deps: Deps,
  temporal: Client,
  runs: readonly ClosedRun[],
  now: Date,
): Promise<boolean> {
  const owners = await unfinishedAmong(deps, runs, now);
  const seen = await Promise.all(owners.map((owner) => seeToOwner(deps, temporal, owner, now)));
  return !seen.includes(false);
}

/** The owners that still go by the very workflow that was closed: a campaign's older version is no matter any more. */
async function unfinishedAmong(deps: Deps, runs: readonly ClosedRun[], now: Date): Promise<Owner[]> {
  const closed = new Set(runs.map(({ workflowId }) => workflowId));
  const byKind = Map.groupBy(runs, ({ kind }) => kind as WorkflowType);
  const owners = await Promise.all(
    [...byKind].map(([kind, some]) => readOwners(deps.db, kind, distinct(some), now)),
  );
  return owners.flat().filter(({ start }) => closed.has(start.workflowId));
}

/** A workflow that was started again and ended again is listed with both runs. */
function distinct(runs: readonly ClosedRun[]): ClosedRun[] {
  return [...new Map(runs.map((run) => [`${run.appId} ${run.id}`, run])).values()];
}
