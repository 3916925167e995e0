import { type Selectable, sql } from 'kysely';
import type { PageRequest } from '../../domain/page.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import { newTimeId } from '../ids.ts';
import { newestFirst } from '../page.ts';
import type { CampaignRunTable } from '../tables/campaigns.ts';

export type CampaignRun = Selectable<CampaignRunTable>;

/** What the messages of a run came to: `sent`, or `state REASON` (`skipped DAILY_CAP`), and how many of each. */
export type Outcomes = Readonly<Record<string, number>>;

/** When a run is to begin, and by which version. */
export interface RunPlan {
  readonly appId: string;
  readonly campaignId: string;
  readonly version: number;
  readonly scheduledStart: Date;
  readonly expiresAt: Date | null;
}

/** The run that has not ended; a campaign has one at most. */
export function readOpenRun(
  db: Queryable,
  appId: string,
  campaignId: string,
): Promise<CampaignRun | undefined> {
  return runs(db, appId, campaignId).where('ended_at', 'is', null).executeTakeFirst();
}

/** The run that began last. */
export function readLastRun(
  db: Queryable,
  appId: string,
  campaignId: string,
): Promise<CampaignRun | undefined> {
  return runs(db, appId, campaignId).orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Runs, newest first; one more than the page holds, where there is one. */
export function listRuns(
  db: Queryable,
  appId: string,
  campaignId: string,
  page: PageRequest,
): Promise<CampaignRun[]> {
  return runs(db, appId, campaignId).$call(newestFirst(page, 'started_at')).execute();
}

/** A run by its id, whatever its state; undefined where there is none. */
export function readRun(db: Queryable, appId: string, id: string): Promise<CampaignRun | undefined> {
  return db
    .selectFrom('campaign_run')
    .selectAll()
    .where('app_id', '=', appId)
    .where('id', '=', id)
    .executeTakeFirst();
}

function runs(db: Queryable, appId: string, campaignId: string) {
  return db
    .selectFrom('campaign_run')
    .selectAll()
    .where('app_id', '=', appId)
    .where('campaign_id', '=', campaignId);
}

/**
 * Begins a run, or lets a new version take over the one that is open: it goes on after the last person it settled.
 * The campaign's row is locked by the caller.
 * @returns the run's id
 */
export async function beginRun(tx: Tx, plan: RunPlan, now: Date): Promise<string> {
  const open = await readOpenRun(tx, plan.appId, plan.campaignId);
  const common = {
    campaign_version: plan.version,
    state: 'RUNNING',
    reason: null,
    scheduled_start: plan.scheduledStart,
    expires_at: plan.expiresAt,
  };
  if (open !== undefined) {
    await changeOpenRun(tx, plan.appId, plan.campaignId, common);
    return open.id;
  }
  const id = newTimeId(now);
  await tx
    .insertInto('campaign_run')
    .values({ ...common, app_id: plan.appId, id, campaign_id: plan.campaignId, started_at: now })
    .execute();
  return id;
}

/** Says what the open run is now (PAUSED); nothing when none is open. */
export async function changeOpenRun(
  tx: Tx,
  appId: string,
  campaignId: string,
  change: Partial<
    Pick<CampaignRun, 'campaign_version' | 'state' | 'reason' | 'scheduled_start' | 'expires_at'>
  >,
): Promise<void> {
  await tx
    .updateTable('campaign_run')
    .set(change)
    .where('app_id', '=', appId)
    .where('campaign_id', '=', campaignId)
    .where('ended_at', 'is', null)
    .execute();
}

export interface RunEnd {
  readonly state: 'COMPLETED' | 'CANCELLED';
  readonly result: 'SUCCESS' | 'FAIL';
  readonly reason: string | null;
  /** Absent: some may still change, so they are counted whenever they are asked for. */
  readonly outcomes?: Outcomes;
}

/** Ends the open run; nothing when none is open. */
export async function endOpenRun(
  tx: Tx,
  appId: string,
  campaignId: string,
  { outcomes, ...end }: RunEnd,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('campaign_run')
    .set({ ...end, ended_at: now, outcomes: outcomes === undefined ? null : json(outcomes) })
    .where('app_id', '=', appId)
    .where('campaign_id', '=', campaignId)
    .where('ended_at', 'is', null)
    .execute();
}

/** Everyone up to `position` is settled. Never moves back: an earlier attempt of the page may still be at it. */
export async function advanceRun(db: Queryable, appId: string, id: string, position: string): Promise<void> {
  await db
    .updateTable('campaign_run')
    .set({ position })
    .where('app_id', '=', appId)
    .where('id', '=', id)
    .where('position', '<', position)
    .execute();
}

/** Counts what the messages of a run have come to; of what was skipped, by the code of the reason. */
export async function countOutcomes(db: Queryable, appId: string, runId: string): Promise<Outcomes> {
  const outcome = sql<string>`case when state = 'skipped' then concat_ws(' ', state, substring(reason from '^[A-Z_]+')) else state end`;
  const rows = await db
    .selectFrom('message')
    .select(({ fn }) => [outcome.as('outcome'), fn.countAll<string>().as('count')])
    .where('app_id', '=', appId)
    .where('owner', '=', runId)
    .groupBy(outcome)
    .execute();
  return Object.fromEntries(rows.map((row) => [row.outcome, Number(row.count)]));
}
