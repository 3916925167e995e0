import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { PreparingClient } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
/** Either a transaction or the database itself, for queries that may run in both. */
export type Tx = Transaction<Tables>;
export type Queryable = Database | Tx;

/** Opens a pool. Lost connections are told to `onError`, also those in use; unheard they would end the process. */
export function openDatabase(
  url: string,
  options: { max?: number; onError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 10, Client: PreparingClient });
  const onError = options.onError ?? (() => {});
  // The pool listens to idle connections only, and to one that is checked out nobody does between two queries.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', () => {});
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** A value as a jsonb column takes it. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}
