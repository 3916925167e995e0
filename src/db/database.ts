import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
/** Either a transaction or the database itself, for queries that may run in both. */
export type Tx = Transaction<Tables>;
export type Queryable = Database | Tx;

/** Opens a pool. The pool's idle errors go to `onError`; without it a lost server would end the process. */
export function openDatabase(
  url: string,
  options: { max?: number; onError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 10 });
  pool.on('error', options.onError ?? (() => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** A value as a jsonb column takes it. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}
