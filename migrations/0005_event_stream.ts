import { type Kysely, sql } from 'kysely';

const statements = [
  `create table event_stream (
    app_id text primary key references app on delete cascade, destination jsonb not null,
    modified_at timestamptz not null, modified_by text,
    leased_by uuid, leased_until timestamptz, next_try_at timestamptz, failures int not null default 0, last_error text,
    delivered bigint not null default 0, delivered_at timestamptz,
    skipped bigint not null default 0, last_skip text, dropped bigint not null default 0, dropped_at timestamptz)`,
  // What the far end does not have yet. No foreign key: every event would lock the one row of its app's stream.
  `create table stream_record (
    app_id text not null, id bigint generated always as identity, endpoint_id text not null, kind text not null,
    subject uuid not null, detail jsonb not null, arrived_at timestamptz not null, primary key (app_id, id))`,
  'create index stream_record_endpoint on stream_record (app_id, endpoint_id)',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
