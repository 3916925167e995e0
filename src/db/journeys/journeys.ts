import { type Selectable, sql } from 'kysely';
import { notFound } from '../../domain/errors.ts';
import { compile } from '../../domain/journey/compile.ts';
import type { JourneyDocument } from '../../domain/journey/document.ts';
import type { EntryMode } from '../../domain/journey/entryRules.ts';
import type { Plan } from '../../domain/journey/plan.ts';
import type { SplitEvaluation } from '../../domain/journey/verdict.ts';
import type { PageRequest } from '../../domain/page.ts';
import { json, type Queryable, type Tx } from '../database.ts';
import { newestFirst } from '../page.ts';
import type { JourneyTable } from '../tables/journeys.ts';
import { holdJourneys } from './journeyLocks.ts';
import type { JourneyKey } from './journeyRuns.ts';

export type JourneyRow = Selectable<JourneyTable>;

/** Pinpoint's states of a journey. */
export type JourneyState = 'DRAFT' | 'ACTIVE' | 'PAUSED' | 'CANCELLED' | 'CLOSED' | 'COMPLETED';

/** What a published journey's plan is made of. */
export type PlannedJourney = Pick<JourneyRow, 'document' | 'time_scale' | 'split_evaluation'>;

/** The control flow that those who enter a journey carry. */
export function planOf(journey: PlannedJourney): Plan {
  return compile(journey.document, journey.time_scale, journey.split_evaluation ?? 'event');
}

/** How people will enter a draft once it is published. */
export interface DraftEntry {
  /** Null: as the app says, else the setting. */
  readonly mode: EntryMode | null;
  /** Whether those who match then count as entered already. */
  readonly skipsPresent: boolean;
}

export async function setDraftEntry(tx: Tx, journey: JourneyRow, entry: DraftEntry): Promise<void> {
  await tx
    .updateTable('journey')
    .set({ entry_mode: entry.mode, skips_present: entry.skipsPresent })
    .where('app_id', '=', journey.app_id)
    .where('id', '=', journey.id)
    .execute();
}

/** Notes that the whole segment of a journey has to be asked again. */
export async function wantPass(tx: Tx, { appId, journeyId }: JourneyKey): Promise<void> {
  await tx
    .updateTable('journey')
    .set((eb) => ({ passes_wanted: eb('passes_wanted', '+', 1) }))
    .where('app_id', '=', appId)
    .where('id', '=', journeyId)
    .execute();
}

/** Stores a new draft with the app's settings as they are now. Undefined: there is one with this id already, and nothing was changed. */
export async function insertJourney(
  tx: Tx,
  journey: { readonly appId: string; readonly id: string; readonly document: JourneyDocument },
  now: Date,
): Promise<JourneyRow | undefined> {
  return await tx
    .insertInto('journey')
    .values((eb) => ({
      app_id: journey.appId,
      id: journey.id,
      name: journey.document.Name,
      state: 'DRAFT',
      document: json(journey.document),
      defaults: eb
        .selectFrom('app')
        .select(sql<string>`settings`.as('settings'))
        .where('id', '=', journey.appId),
      created_at: now,
      modified_at: now,
    }))
    .onConflict((conflict) => conflict.columns(['app_id', 'id']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Replaces the document of a draft, whose row is locked by the caller. */
export async function replaceDraft(
  tx: Tx,
  journey: JourneyRow,
  document: JourneyDocument,
  now: Date,
): Promise<JourneyRow> {
  return await tx
    .updateTable('journey')
    .set({ name: document.Name, document: json(document), modified_at: now })
    .where('app_id', '=', journey.app_id)
    .where('id', '=', journey.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Sets when a draft's splits will be judged. @returns false when there is no such draft */
export async function setJourneySplitEvaluation(
  db: Queryable,
  journey: { readonly appId: string; readonly journeyId: string },
  splitEvaluation: SplitEvaluation | null,
  now: Date,
): Promise<boolean> {
  const updated = await db
    .updateTable('journey')
    .set({ split_evaluation: splitEvaluation, modified_at: now })
    .where('app_id', '=', journey.appId)
    .where('id', '=', journey.journeyId)
    .where('state', '=', 'DRAFT')
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return updated !== undefined;
}

/** What publishing fixes for the journey's life. */
export interface Publication {
  /** Null: an event starts it, whoever causes it. */
  readonly segmentId: string | null;
  /** Null: the latest, or there is no segment. */
  readonly segmentVersion: number | null;
  readonly entryMode: EntryMode;
  /** Null: members of the segment enter. */
  readonly entryEventType: string | null;
  readonly timeScale: number;
  readonly splitEvaluation: SplitEvaluation;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

/** Makes a draft, whose row is locked by the caller, ACTIVE. */
export async function markPublished(
  tx: Tx,
  journey: JourneyRow,
  publication: Publication,
  now: Date,
): Promise<JourneyRow> {
  return await tx
    .updateTable('journey')
    .set({
      state: 'ACTIVE',
      segment_id: publication.segmentId,
      segment_version: publication.segmentVersion,
      entry_mode: publication.entryMode,
      entry_event_type: publication.entryEventType,
      time_scale: publication.timeScale,
      split_evaluation: publication.splitEvaluation,
      starts_at: publication.startsAt,
      ends_at: publication.endsAt,
      published_at: now,
      modified_at: now,
    })
    .where('app_id', '=', journey.app_id)
    .where('id', '=', journey.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A journey that is not deleted. @throws RepointError NotFound when there is none */
export async function requireJourney(db: Queryable, appId: string, journeyId: string): Promise<JourneyRow> {
  return required(await known(db, appId).where('id', '=', journeyId).executeTakeFirst(), journeyId);
}

/** The same, locked until the transaction ends: entries, claims and decisions wait. */
export async function lockJourney(tx: Tx, appId: string, journeyId: string): Promise<JourneyRow> {
  await holdJourneys(tx, appId, [journeyId]);
  const row = await known(tx, appId).where('id', '=', journeyId).forUpdate().executeTakeFirst();
  return required(row, journeyId);
}

function required(row: JourneyRow | undefined, journeyId: string): JourneyRow {
  if (row === undefined) throw notFound(`journey ${journeyId}`);
  return row;
}

/** One row more than the page has, newest first, so that the caller knows whether there is a next. */
export async function listJourneys(db: Queryable, appId: string, page: PageRequest): Promise<JourneyRow[]> {
  return await known(db, appId).$call(newestFirst(page)).execute();
}

function known(db: Queryable, appId: string) {
  return db.selectFrom('journey').selectAll().where('app_id', '=', appId).where('deleted_at', 'is', null);
}
