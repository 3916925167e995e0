import { type Kysely, sql } from 'kysely';

/** How far the workflows of journeys, campaigns and import jobs were looked at, and why a campaign was paused. */
const statements = [
  'alter table campaign_version add column paused_because text',
  `create table owner_look (
    kind text primary key, app_id text not null default '', id text not null default '',
    next_at timestamptz not null)`,
  `create index journey_unfinished on journey (app_id, id)
    where state in ('ACTIVE', 'PAUSED', 'CLOSED', 'CANCELLED')`,
  "create index campaign_unfinished on campaign (app_id, id) where state in ('SCHEDULED', 'EXECUTING')",
  "create index import_job_unfinished on import_job (app_id, id) where status not in ('COMPLETED', 'FAILED')",
  "create index outbox_start on outbox (workflow_id) where kind = 'start'",
  "create index outbox_dead_start on outbox_dead (workflow_id) where kind = 'start'",
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
