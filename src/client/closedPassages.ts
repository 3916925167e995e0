import type { Client } from '@temporalio/client';
import type { Entry } from '../db/journeys/entries.ts';
import { wakeEntry } from '../db/journeys/entryWorkflow.ts';
import { workflowIdOf } from '../db/outbox/workflowIds.ts';
import { noteReset, readOpenEntries } from '../db/repair/closedLook.ts';
import type { Deps } from '../deps.ts';
import type { ClosedRun } from './closedRuns.ts';
import { endForWorkflow } from './endForWorkflow.ts';
import { temporalWorkflowId } from './temporalIds.ts';
import { workflowCondition } from './workflowCondition.ts';

/**
 * Ends the entries whose workflows were closed from outside. One that was reset goes on by itself; its entry is told, and it
 * is woken once, for what its old run was told. False where Temporal cannot say what became of one.
 */
export async function seeToPassages(
  deps: Deps,
  temporal: Client,
  runs: readonly ClosedRun[],
  now: Date,
): Promise<boolean> {
  const open = await openAmong(deps, runs);
  const told = await Promise.all(open.map(([entry, run]) => tell(deps, temporal, entry, run, now)));
  return !told.includes(false);
}

/** The runs whose entries are open and do not know of them. */
async function openAmong({ db, config }: Deps, runs: readonly ClosedRun[]): Promise<[Entry, ClosedRun][]> {
  if (runs.length === 0) return [];
  // Of a workflow that was reset and ended after that, both runs are listed: its entry is asked about once.
  const byWorkflow = new Map(runs.toReversed().map((run) => [run.workflowId, run]));
  const keys = [...byWorkflow.values()].map(({ appId, id }) => ({ appId, entryId: id }));
  const entries = await readOpenEntries(db, keys);
  return entries.flatMap((entry): [Entry, ClosedRun][] => {
    const run = byWorkflow.get(temporalWorkflowId(config, workflowIdOf('journey', entry)));
    if (run === undefined || (entry.reset_at !== null && entry.reset_at >= run.closedAt)) return [];
    return [[entry, run]];
  });
}

async function tell(deps: Deps, temporal: Client, entry: Entry, run: ClosedRun, now: Date): Promise<boolean> {
  const condition = await workflowCondition(deps, temporal, workflowIdOf('journey', entry));
  if (condition === undefined) return false;
  await deps.db.transaction().execute(async (tx) => {
    if (condition.is === 'closed') return await endForWorkflow(tx, deps, entry, condition.reason, now);
    // closed from outside, and deleted after that
    if (condition.is === 'gone') return await endForWorkflow(tx, deps, entry, 'WORKFLOW_LOST', now);
    if (!(await noteReset(tx, entry, run.closedAt))) return;
    await wakeEntry(tx, entry, now, now);
    deps.log.warn({ appId: entry.app_id, entryId: entry.id }, 'the workflow of an entry was reset');
  });
  return true;
}
