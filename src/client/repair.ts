import type { Client } from '@temporalio/client';
import { workflowsEnded } from '../counters.ts';
import type { Tx } from '../db/database.ts';
import { enqueueStarts, wakeEntry } from '../db/journeys/entryWorkflow.ts';
import { workflowIdOf } from '../db/outbox/workflowIds.ts';
import {
  forgetStart,
  readOverdue,
  readUnstarted,
  takeOverdue,
  type UnstartedEntry,
} from '../db/repair/overdue.ts';
import type { Deps } from '../deps.ts';
import { endForWorkflow } from './endForWorkflow.ts';
import { workflowCondition } from './workflowCondition.ts';

/** Logical milliseconds after which an entry whose workflow should have looked again is seen to. */
const OVERDUE_MS = 5 * 60_000;
/** Entries of each sort at once: what happens in Temporal's Web UI need not be known within the second. */
const BATCH_SIZE = 100;
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
 * start or a wake that was lost, a Temporal whose data are gone. The entry of a workflow that is over ends, one whose
 * workflow is gone or never was is started, a workflow that waits is woken once; what has not moved five minutes later is seen to again.
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
  const { deps, temporal, now, before } = pass;
  const condition = await workflowCondition(deps, temporal, workflowIdOf('journey', entry));
  if (condition === undefined) return;
  await deps.db.transaction().execute(async (tx) => {
    if (condition.is === 'closed') return await endForWorkflow(tx, deps, entry, condition.reason, now);
    if (!(await takeOverdue(tx, entry, before, now))) return;
    if (condition.is === 'idle') await wakeEntry(tx, entry, now, now);
    if (condition.is === 'gone') await startAnew(tx, pass, entry);
  });
}

/** From its first step, as after a reset: what is done answers as it did, and the person goes on where Postgres says. */
async function startAnew(tx: Tx, { deps, now }: Pass, entry: Overdue): Promise<void> {
  await forgetStart(tx, entry);
  await enqueueStarts(tx, [entry], now);
  workflowsEnded.inc({ workflow: 'journey', reason: 'WORKFLOW_LOST' });
  deps.log.warn(
    { appId: entry.app_id, entryId: entry.id },
    'the workflow of an entry is gone from Temporal, and is started again',
  );
}

async function restart({ deps, now, before }: Pass, entry: UnstartedEntry): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const isTaken = await takeOverdue(tx, entry, before, now);
    if (isTaken && !entry.isSeenTo) await enqueueStarts(tx, [entry], now);
  });
}
