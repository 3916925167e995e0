import { sql } from 'kysely';
import type { Queryable } from '../database.ts';

/** Whose passages are counted: those of a journey, or of one of its runs. */
export interface MetricsScope {
  readonly appId: string;
  readonly journeyId: string;
  readonly runId?: string;
}

/** Passages by why they ended; null: they go on. Who only counts as entered has not passed at all. */
export async function countEntries(
  db: Queryable,
  scope: MetricsScope,
): Promise<ReadonlyMap<string | null, number>> {
  const rows = await entriesOf(db, scope)
    .select(['end_reason', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('end_reason')
    .execute();
  return new Map(rows.map((row) => [row.end_reason, Number(row.count)]));
}

/** What a step came to for so many participants; the reason's code only where it was passed over. */
export interface OutcomeCount {
  readonly decision: string;
  readonly skippedFor: string | null;
  readonly count: number;
}

/** What a step came to for those who did it, each outcome with their number. */
export async function countOutcomes(
  db: Queryable,
  scope: MetricsScope,
  step: string,
): Promise<OutcomeCount[]> {
  const rows = await entriesOf(db, scope)
    .innerJoin('journey_step as done', (join) =>
      join
        .onRef('done.app_id', '=', 'journey_entry.app_id')
        .onRef('done.entry_id', '=', 'journey_entry.id')
        .on('done.step', '=', step),
    )
    .select([
      sql<string>`coalesce(done.decision, '')`.as('decision'),
      sql<
        string | null
      >`case when done.decision = 'skipped' then substring(done.reason from '^[A-Z_]+') end`.as('skippedFor'),
      (eb) => eb.fn.countAll<string>().as('count'),
    ])
    .groupBy(['decision', 'skippedFor'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** So many have done this step last, and with it took this decision; null: they have done none yet. */
export interface PositionCount {
  readonly position: string | null;
  readonly decision: string | null;
  readonly count: number;
}

/** Who is inside, counted by the step they did last and what it came to. */
export async function countPositions(db: Queryable, scope: MetricsScope): Promise<PositionCount[]> {
  const rows = await inside(db, scope)
    .select(['position', 'done.decision', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy(['position', 'done.decision'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The entries that are counted together in a `PositionCount`. */
export async function entriesAt(
  db: Queryable,
  scope: MetricsScope,
  { position, decision }: PositionCount,
): Promise<string[]> {
  const rows = await inside(db, scope)
    .select('journey_entry.id')
    .where('position', 'is not distinct from', position)
    .where('done.decision', 'is not distinct from', decision)
    .execute();
  return rows.map(({ id }) => id);
}

function inside(db: Queryable, scope: MetricsScope) {
  return entriesOf(db, scope)
    .leftJoin('journey_step as done', (join) =>
      join
        .onRef('done.app_id', '=', 'journey_entry.app_id')
        .onRef('done.entry_id', '=', 'journey_entry.id')
        .onRef('done.step', '=', 'position'),
    )
    .where('ended_at', 'is', null);
}

function entriesOf(db: Queryable, { appId, journeyId, runId }: MetricsScope) {
  return db
    .selectFrom('journey_entry')
    .where('journey_entry.app_id', '=', appId)
    .where('journey_entry.journey_id', '=', journeyId)
    .where((eb) => eb('end_reason', 'is distinct from', 'ALREADY_ENTERED'))
    .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? ''));
}
