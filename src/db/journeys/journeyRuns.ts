import { type Selectable, sql } from 'kysely';
import type { PageRequest } from '../../domain/page.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import { newResourceId } from '../ids.ts';
import { newestFirst } from '../page.ts';
import type { JourneyRunTable } from '../tables/journeys.ts';

export type JourneyRun = Selectable<JourneyRunTable>;

export interface JourneyKey {
  readonly appId: string;
  readonly journeyId: string;
}

/** Makes a run: 0 for the start, which may lie ahead, and one more for each refresh; one that is there already stays. */
export async function insertRun(
  tx: Tx,
  run: JourneyKey & {
    readonly no: number;
    readonly pass: number;
    readonly segmentVersion: number | null;
    /** Null: it is only scheduled. */
    readonly startedAt: Date | null;
  },
  now: Date,
): Promise<JourneyRun | undefined> {
  return await tx
    .insertInto('journey_run')
    .values({
      app_id: run.appId,
      id: newResourceId(),
      journey_id: run.journeyId,
      no: run.no,
      state: run.startedAt === null ? 'SCHEDULED' : 'RUNNING',
      segment_version: run.segmentVersion,
      pass: run.pass,
      pass_done_at: null,
      started_at: run.startedAt,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['app_id', 'journey_id', 'no']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** The latest run of a journey: the one that whoever enters now is counted by. */
export async function currentRun(db: Queryable, key: JourneyKey): Promise<JourneyRun | undefined> {
  return await runsOf(db, key).selectAll().orderBy('no', 'desc').limit(1).executeTakeFirst();
}

/**
 * The same, locked until the transaction ends: its pass goes on page by page, whoever carries it. Others may count by it
 * meanwhile.
 */
export async function lockCurrentRun(tx: Tx, key: JourneyKey): Promise<JourneyRun | undefined> {
  return await runsOf(tx, key).selectAll().orderBy('no', 'desc').limit(1).forNoKeyUpdate().executeTakeFirst();
}

/** One run of a journey by its id. */
export async function readRun(
  db: Queryable,
  key: JourneyKey,
  runId: string,
): Promise<JourneyRun | undefined> {
  return await runsOf(db, key).selectAll().where('id', '=', runId).executeTakeFirst();
}

/** When the journey really started; null before. */
export async function startOf(db: Queryable, key: JourneyKey): Promise<Date | null> {
  const first = await runsOf(db, key).select('started_at').where('no', '=', 0).executeTakeFirst();
  return first?.started_at ?? null;
}

/** Changes a run, whatever its state. */
export async function updateRun(
  tx: Tx,
  run: JourneyRun,
  change: Partial<Omit<JourneyRun, 'app_id' | 'id' | 'journey_id' | 'no' | 'created_at'>>,
): Promise<void> {
  await tx
    .updateTable('journey_run')
    .set(change)
    .where('app_id', '=', run.app_id)
    .where('id', '=', run.id)
    .execute();
}

/** Ends the runs of a journey that are not over. */
export async function endRuns(
  tx: Tx,
  { appId, journeyId }: JourneyKey,
  state: 'COMPLETED' | 'CANCELLED',
  now: Date,
): Promise<void> {
  await tx
    .updateTable('journey_run')
    .set({ state, updated_at: now })
    .where('app_id', '=', appId)
    .where('journey_id', '=', journeyId)
    .where('state', 'in', ['SCHEDULED', 'RUNNING'])
    .execute();
}

/** One row more than the page has, newest first. */
export async function listRuns(db: Queryable, key: JourneyKey, page: PageRequest): Promise<JourneyRun[]> {
  return await runsOf(db, key).selectAll().$call(newestFirst(page)).execute();
}

function runsOf(db: Queryable, { appId, journeyId }: JourneyKey) {
  return db
    .selectFrom('journey_run')
    .where('journey_run.app_id', '=', appId)
    .where('journey_run.journey_id', '=', journeyId);
}

/**
 * Adds to a run's metrics, in the transaction of what is counted. Nobody waits for anybody: a row that somebody else is
 * adding to is passed over, and a metric has as many rows as ever added to it at once.
 */
export async function countForRun(
  tx: Tx,
  appId: string,
  runId: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = [...counts].filter(([, count]) => count > 0).map(([metric, count]) => ({ metric, count }));
  if (rows.length === 0) return;
  await sql`
    with added as materialized (
      select added.metric, added.count, free.id
      from jsonb_to_recordset(${json(rows)}::jsonb) as added (metric text, count bigint)
      left join lateral (
        select id from journey_run_count known
        where known.app_id = ${appId} and known.run_id = ${runId} and known.metric = added.metric
        order by id limit 1 for update skip locked) as free on true),
    updated as (
      update journey_run_count known set count = known.count + added.count from added
      where known.app_id = ${appId} and known.id = added.id)
    insert into journey_run_count (app_id, run_id, metric, count)
    select ${appId}, ${runId}, metric, count from added where id is null`.execute(tx);
}

/** What runs have counted: of a journey, or of one of its runs. */
export async function readRunCounts(
  db: Queryable,
  key: JourneyKey,
  runId?: string,
): Promise<Record<string, number>> {
  const rows = await runsOf(db, key)
    .innerJoin('journey_run_count as counted', (join) =>
      join.onRef('counted.app_id', '=', 'journey_run.app_id').onRef('counted.run_id', '=', 'journey_run.id'),
    )
    .select(['counted.metric', (eb) => eb.fn.sum<string>('counted.count').as('count')])
    .$if(runId !== undefined, (query) => query.where('journey_run.id', '=', runId ?? ''))
    .groupBy('counted.metric')
    .execute();
  return Object.fromEntries(rows.map(({ metric, count }) => [metric, Number(count)]));
}
