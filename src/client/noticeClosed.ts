import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import {
  type ClosedLook,
  leaveClosedLook,
  noteReset,
  readOpenEntries,
  takeClosedLook,
} from '../db/closedLook.ts';
import type { Entry } from '../db/entries.ts';
import { wakeEntry } from '../db/entryWorkflow.ts';
import { workflowIdOf } from '../db/workflowIds.ts';
import type { Deps } from '../deps.ts';
import { callTemporal } from './callTemporal.ts';
import { endForWorkflow } from './endForWorkflow.ts';
import { searchAttributes } from './searchAttributes.ts';
import { reasonOf } from './temporalErrors.ts';
import { temporalWorkflowId } from './temporalIds.ts';
import { workflowCondition } from './workflowCondition.ts';

/** Logical milliseconds that a look reaches back behind the one before: Temporal's list may be late, its clock too. */
const OVERLAP_MS = 5 * 60_000;
/** Logical milliseconds that the very first look reaches back; what is older is noticed when it is overdue. */
const FIRST_MS = 24 * 3_600_000;
const entryIdForm = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const closedFromOutside =
  "WorkflowType = 'journey' AND ExecutionStatus IN ('Terminated', 'Canceled', 'Failed', 'TimedOut')";

type RawWorkflowExecutionInfo = WorkflowExecutionInfo['raw'];

/** A run of a journey's workflow that was closed from outside. */
interface ClosedRun {
  readonly workflowId: string;
  readonly appId: string;
  readonly entryId: string;
  readonly closedAt: Date;
}

interface Page {
  readonly runs: readonly ClosedRun[];
  /** Temporal's word for the next page; null: this is the last. */
  readonly token: Buffer | null;
}

type LookUnderWay = ClosedLook & { readonly since: Date; readonly begun_at: Date };

/**
 * Looks for the workflows of journeys that were terminated, cancelled or reset in Temporal's Web UI, that failed or ran
 * out of time, since the last look: their entries end at once, and not when they are overdue. One that was reset goes on by
 * itself; its entry is told, and it is woken once, for what its old run was told. One page a call; any number of workers
 * may do it. Answers how many workflows were in the page, 0 where the look has come to its end.
 */
export async function noticeClosed(deps: Deps, temporal: Client, pageSize = 100): Promise<number> {
  const taken = await takeClosedLook(deps.db, new Date());
  if (taken === undefined) return 0;
  const now = await deps.clock.now();
  const since = taken.since ?? new Date(now.getTime() - FIRST_MS);
  const look = { since, begun_at: taken.begun_at ?? now, page_token: taken.page_token };
  const page = await listClosed(deps, temporal, look, pageSize);
  const open = await openAmong(deps, page?.runs ?? []);
  const told = await Promise.all(open.map(([entry, run]) => tell(deps, temporal, entry, run, now)));
  // Temporal went away in between: when the lease has run out, the page is asked for again.
  if (told.includes(false)) return 0;
  await leaveClosedLook(deps.db, afterPage(look, page), new Date());
  return page?.token ? page.runs.length : 0;
}

/** A look is over with its last page: the next begins where this one did, but for the overlap. */
function afterPage({ since, begun_at }: LookUnderWay, page: Page | undefined): ClosedLook {
  if (page === undefined) return { since, begun_at: null, page_token: null };
  if (page.token !== null) return { since, begun_at, page_token: page.token };
  return { since: new Date(begun_at.getTime() - OVERLAP_MS), begun_at: null, page_token: null };
}

/** Undefined where Temporal cannot say: the look begins anew by and by. */
async function listClosed(
  { log }: Deps,
  temporal: Client,
  { since, page_token }: LookUnderWay,
  pageSize: number,
): Promise<Page | undefined> {
  const query = `${closedFromOutside} AND CloseTime > '${since.toISOString()}'`;
  const request = { namespace: temporal.options.namespace, query, pageSize };
  try {
    const { executions, nextPageToken } = await callTemporal(temporal, () =>
      temporal.workflowService.listWorkflowExecutions({ ...request, nextPageToken: page_token }),
    );
    const token = nextPageToken?.length ? Buffer.from(nextPageToken) : null;
    return { runs: executions.flatMap(closedRun), token };
  } catch (error) {
    log.warn(
      { reason: reasonOf(error) },
      'Temporal could not list the workflows that were closed from outside',
    );
    return undefined;
  }
}

/** None where the workflow is not one of ours. */
function closedRun({ execution, closeTime, searchAttributes: found }: RawWorkflowExecutionInfo): ClosedRun[] {
  const workflowId = execution?.workflowId ?? '';
  const entryId = entryIdForm.exec(workflowId)?.[0];
  const app = found?.indexedFields?.[searchAttributes.app.name];
  if (entryId === undefined || !app || !closeTime) return [];
  const appId = defaultPayloadConverter.fromPayload<unknown>(app);
  const closedAt = new Date(Number(closeTime.seconds) * 1000 + Math.floor((closeTime.nanos ?? 0) / 1e6));
  return typeof appId === 'string' ? [{ workflowId, appId, entryId, closedAt }] : [];
}

/** The runs whose entries are open and do not know of them. */
async function openAmong({ db, config }: Deps, runs: readonly ClosedRun[]): Promise<[Entry, ClosedRun][]> {
  if (runs.length === 0) return [];
  // Of a workflow that was reset and ended after that, both runs are listed: its entry is asked about once.
  const byWorkflow = new Map(runs.toReversed().map((run) => [run.workflowId, run]));
  const entries = await readOpenEntries(db, [...byWorkflow.values()]);
  return entries.flatMap((entry): [Entry, ClosedRun][] => {
    const run = byWorkflow.get(temporalWorkflowId(config, workflowIdOf('journey', entry)));
    if (run === undefined || (entry.reset_at !== null && entry.reset_at >= run.closedAt)) return [];
    return [[entry, run]];
  });
}

/** False where Temporal cannot say what became of the workflow. */
async function tell(deps: Deps, temporal: Client, entry: Entry, run: ClosedRun, now: Date): Promise<boolean> {
  const condition = await workflowCondition(deps, temporal, entry);
  if (condition === undefined) return false;
  await deps.db.transaction().execute(async (tx) => {
    if (condition.is === 'closed') return await endForWorkflow(tx, deps, entry, condition.reason, now);
    if (!(await noteReset(tx, entry, run.closedAt))) return;
    await wakeEntry(tx, entry, now, now);
    deps.log.warn({ appId: entry.app_id, entryId: entry.id }, 'the workflow of an entry was reset');
  });
  return true;
}
