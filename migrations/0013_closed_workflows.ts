import { type Kysely, sql } from 'kysely';

/** How far Temporal was asked for workflows that somebody else ended, and when an operator reset that of an entry. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table closed_look (
    id boolean primary key default true check (id),
    since timestamptz,
    begun_at timestamptz,
    page_token bytea,
    next_at timestamptz not null)`.execute(db);
  await sql`alter table journey_entry add column reset_at timestamptz`.execute(db);
}
