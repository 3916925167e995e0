import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../database.ts';
import type { WorkflowType } from '../outbox/outbox.ts';
import { campaignStart, importStart, lifeStart, type StartRow } from '../outbox/workflowStarts.ts';

/** What a workflow that is no person's works for: a journey, a campaign's version or an import job, in which something is left to do. */
export interface Owner {
  readonly kind: WorkflowType;
  readonly appId: string;
  /** Of the journey, the campaign or the job. */
  readonly id: string;
  /** Starts its workflow, and names it. */
  readonly start: StartRow;
}

/** Where a look at all owners of a kind has come to. */
export interface OwnerPosition {
  readonly app_id: string;
  readonly id: string;
}

interface Row extends OwnerPosition {
  readonly name: string | null;
  readonly version: number;
}

/** Those with something left to do. Each has an index by that condition. */
const unfinished: Readonly<Record<WorkflowType, RawBuilder<Row>>> = {
  journeyLife: sql`select app_id, id, name, 0 as version from journey
    where state in ('ACTIVE', 'PAUSED', 'CLOSED', 'CANCELLED')
      and (state <> 'CANCELLED' or exists (select from journey_entry as entry
        where entry.app_id = journey.app_id and entry.journey_id = journey.id and entry.ended_at is null))`,
  campaignRun: sql`select campaign.app_id, id, v.document ->> 'Name' as name, campaign.version
    from campaign join campaign_version as v
      on v.app_id = campaign.app_id and v.campaign_id = campaign.id and v.version = campaign.version
    where state in ('SCHEDULED', 'EXECUTING')`,
  importJob: sql`select app_id, id, null as name, 0 as version from import_job
    where status not in ('COMPLETED', 'FAILED')`,
};

const startOf: Readonly<Record<WorkflowType, (row: Row, now: Date) => StartRow>> = {
  journeyLife: (row, now) => lifeStart({ ...row, name: row.name ?? '' }, now),
  campaignRun: ({ app_id: appId, id, version, name }, now) =>
    campaignStart({ appId, id, version }, name ?? undefined, now),
  importJob: ({ app_id: appId, id }, now) => importStart({ appId, id }, now),
};

/** Those of the named owners in which something is left to do. `now` is logical time. */
export async function readOwners(
  db: Queryable,
  kind: WorkflowType,
  keys: readonly { readonly appId: string; readonly id: string }[],
  now: Date,
): Promise<Owner[]> {
  if (keys.length === 0) return [];
  const apps = keys.map(({ appId }) => appId);
  const ids = keys.map(({ id }) => id);
  const { rows } = await sql<Row>`select owner.* from (${unfinished[kind]}) as owner
    join unnest(${apps}::text[], ${ids}::text[]) as asked (app_id, id)
      on owner.app_id = asked.app_id and owner.id = asked.id`.execute(db);
  return rows.map((row) => ownerOf(kind, row, now));
}

/** The next owners of a kind, in the order of their ids, in which something is left to do. */
export async function nextOwners(
  db: Queryable,
  kind: WorkflowType,
  after: OwnerPosition,
  limit: number,
  now: Date,
): Promise<Owner[]> {
  const { rows } = await sql<Row>`select owner.* from (${unfinished[kind]}) as owner
    where (owner.app_id, owner.id) > (${after.app_id}, ${after.id})
    order by owner.app_id, owner.id limit ${limit}`.execute(db);
  return rows.map((row) => ownerOf(kind, row, now));
}

function ownerOf(kind: WorkflowType, row: Row, now: Date): Owner {
  return { kind, appId: row.app_id, id: row.id, start: startOf[kind](row, now) };
}

/** Whether a start is under way already, or is a dead letter, which people see to. */
export async function isStartSeenTo(db: Queryable, { workflowId }: StartRow): Promise<boolean> {
  const among = (table: 'outbox' | 'outbox_dead') =>
    sql`select from ${sql.table(table)} where kind = 'start' and workflow_id = ${workflowId}`;
  const { rows } = await sql<{ seen: boolean }>`
    select exists (${among('outbox')}) or exists (${among('outbox_dead')}) as seen`.execute(db);
  return rows[0]?.seen === true;
}
