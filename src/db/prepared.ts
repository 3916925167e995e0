import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';

const mark = '/* prepared: ';

/**
 * A statement that Postgres parses and plans once a connection instead of each time (ADR 0007). For one that runs for every
 * message, finds nothing by a plan in a table that grows, since a plan that was made for an empty table is kept when it is full,
 * and names the columns it answers: `*` would make it fail once a migration has added a column.
 * @param name what operators see of it in `pg_stat_activity`
 */
export function prepared<Row>(name: string, statement: RawBuilder<unknown>): RawBuilder<Row> {
  return sql<Row>`${sql.raw(`${mark}${name} */`)} ${statement}`;
}

const names = new Map<string, string>();

/** A connection that keeps the plans of the statements that are marked. */
export class PreparingClient extends pg.Client {
  override query(...given: readonly unknown[]): never {
    const [text, values, ...rest] = given;
    const query = super.query as (...given: readonly unknown[]) => never;
    if (typeof text !== 'string' || !text.startsWith(mark)) return query.apply(this, given as unknown[]);
    const name = names.get(text) ?? `repoint_${names.size + 1}`;
    names.set(text, name);
    return query.call(this, { name, text, values }, ...rest);
  }
}
