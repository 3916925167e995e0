import type { Client } from '@temporalio/client';
import { type ClosedLook, leaveClosedLook, takeClosedLook } from '../db/repair/closedLook.ts';
import type { Deps } from '../deps.ts';
import { callTemporal } from './callTemporal.ts';
import { seeToOwners } from './closedOwners.ts';
import { seeToPassages } from './closedPassages.ts';
import { type ClosedRun, closedFromOutside, closedRun } from './closedRuns.ts';
import { reasonOf } from './temporalErrors.ts';

/** Logical milliseconds that a look reaches back behind the one before: Temporal's list may be late, its clock too. */
const OVERLAP_MS = 5 * 60_000;
/** Logical milliseconds that the very first look reaches back; what is older is noticed when it is overdue. */
const FIRST_MS = 24 * 3_600_000;

interface Page {
  readonly runs: readonly ClosedRun[];
  /** Temporal's word for the next page; null: this is the last. */
  readonly token: Buffer | null;
}

type LookUnderWay = ClosedLook & { readonly since: Date; readonly begun_at: Date };

/**
 * Looks for the workflows that were terminated, cancelled or reset in Temporal's Web UI, that failed or ran out of time,
 * since the last look: people's passages, and those that own a journey, a campaign or an import job. What follows is drawn
 * at once, and not when it is overdue (`repair`, `repairOwners`). One page a call; any number of workers may do it. Answers
 * how many workflows were in the page, 0 where the look has come to its end.
 */
export async function noticeClosed(deps: Deps, temporal: Client, pageSize = 100): Promise<number> {
  const taken = await takeClosedLook(deps.db, new Date());
  if (taken === undefined) return 0;
  const now = await deps.clock.now();
  const since = taken.since ?? new Date(now.getTime() - FIRST_MS);
  const look = { since, begun_at: taken.begun_at ?? now, page_token: taken.page_token };
  const page = await listClosed(deps, temporal, look, pageSize);
  const { passages = [], owners = [] } = Object.groupBy(page?.runs ?? [], ({ kind }) =>
    kind === 'journey' ? 'passages' : 'owners',
  );
  const seen = await Promise.all([
    seeToPassages(deps, temporal, passages, now),
    seeToOwners(deps, temporal, owners, now),
  ]);
  // Temporal went away in between: when the lease has run out, the page is asked for again.
  if (seen.includes(false)) return 0;
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
