import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Tx } from '../db/database.ts';
import { endEntry, enqueueStarts, journeyWorkflowId, lockOpenEntry } from '../db/entries.ts';
import { readOverdue, readUnstarted, takeOverdue, type UnstartedEntry } from '../db/overdue.ts';
import { wakeEntry } from '../db/watches.ts';
import type { Deps } from '../deps.ts';
import { isTemporalAway, isWorkflowGone, reasonOf } from './temporalErrors.ts';
import { temporalWorkflowId } from './temporalIds.ts';

/** Logical milliseconds after which an entry whose workflow should have looked again is seen to. */
const OVERDUE_MS = 5 * 60_000;
/** Entries of each sort at once: what happens in Temporal's Web UI need not be known within the second. */
const BATCH_SIZE = 100;
/** Real milliseconds a call to Temporal may take, its own retries included. */
const CALL_MS = 10_000;

type StatusName = WorkflowExecutionDescription['status']['name'];

/** Why the entry of a closed workflow ends. One that completes has ended its entry before, as it is read here. */
const endReasons: Readonly<Partial<Record<StatusName, string>>> = {
  TERMINATED: 'OPERATOR_TERMINATED',
  CANCELLED: 'OPERATOR_CANCELLED',
  FAILED: 'WORKFLOW_FAILED',
  TIMED_OUT: 'WORKFLOW_FAILED',
  COMPLETED: 'WORKFLOW_LOST',
};

/** How an entry's workflow is, as Temporal says. */
type Condition =
  /** It is not there any more, or will never go on: the entry ends with this reason. */
  | { readonly is: 'closed'; readonly reason: string }
  /** Something is under way for it. */
  | { readonly is: 'busy' }
  /** It waits for its timer or a wake. */
  | { readonly is: 'idle' };

interface Pass {
  readonly deps: Deps;
  readonly temporal: Client;
  /** Logical times. */
  readonly now: Date;
  readonly before: Date;
}

type Overdue = Awaited<ReturnType<typeof readOverdue>>[number];

/**
 * Sees to a batch of the entries that should have moved and have not: after an operator's Terminate, Cancel or Reset, a
 * start or a wake that was lost, a Temporal whose data are gone. The entry of a workflow that is over ends, one without a
 * workflow is started, a workflow that waits is woken once; what has not moved five minutes later is seen to again.
 * Any number of workers may do it. Answers how many entries it looked at.
 */
export async function repairEntries(deps: Deps, temporal: Client): Promise<number> {
  const now = await deps.clock.now();
  const before = new Date(now.getTime() - OVERDUE_MS);
  const pass: Pass = { deps, temporal, now, before };
  const overdue = await readOverdue(deps.db, before, BATCH_SIZE);
  await Promise.all(overdue.map((entry) => repair(pass, entry)));
  const unstarted = await readUnstarted(deps.db, before, BATCH_SIZE);
  for (const entry of unstarted) await restart(pass, entry);
  return overdue.length + unstarted.length;
}

async function repair(pass: Pass, entry: Overdue): Promise<void> {
  const { deps, now, before } = pass;
  const condition = await conditionOf(pass, entry);
  if (condition === undefined) return;
  await deps.db.transaction().execute(async (tx) => {
    if (condition.is === 'closed') return await end(tx, pass, entry, condition.reason);
    const isTaken = await takeOverdue(tx, entry, before, now);
    if (isTaken && condition.is === 'idle') await wakeEntry(tx, entry, now, now);
  });
}

/** Undefined where Temporal is away: another pass will know. One that cannot be described is left alone for now. */
async function conditionOf({ deps, temporal }: Pass, entry: Overdue): Promise<Condition | undefined> {
  const workflow = temporal.workflow.getHandle(temporalWorkflowId(deps.config, journeyWorkflowId(entry)));
  try {
    return conditionIn(await temporal.withDeadline(Date.now() + CALL_MS, () => workflow.describe()));
  } catch (error) {
    if (isWorkflowGone(error)) return { is: 'closed', reason: 'WORKFLOW_LOST' };
    const failure = { entryId: entry.id, workflowId: workflow.workflowId, reason: reasonOf(error) };
    deps.log.warn(failure, 'the workflow of an overdue entry could not be described');
    return isTemporalAway(error) ? undefined : { is: 'busy' };
  }
}

function conditionIn({ status, raw }: WorkflowExecutionDescription): Condition {
  const reason = endReasons[status.name];
  if (reason !== undefined) return { is: 'closed', reason };
  const isBusy = (raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask != null;
  return { is: isBusy ? 'busy' : 'idle' };
}

/** The workflow may have ended its entry between our reading and Temporal's answer: that holds. */
async function end(tx: Tx, { deps, now }: Pass, { app_id, id }: Overdue, reason: string): Promise<void> {
  const entry = await lockOpenEntry(tx, app_id, id);
  if (!entry) return;
  await endEntry(tx, entry, null, reason, now);
  deps.log.warn({ appId: app_id, entryId: id, reason }, 'an entry was ended without its workflow');
}

async function restart({ deps, now, before }: Pass, entry: UnstartedEntry): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const isTaken = await takeOverdue(tx, entry, before, now);
    if (isTaken && !entry.isSeenTo) await enqueueStarts(tx, [entry], now);
  });
}
