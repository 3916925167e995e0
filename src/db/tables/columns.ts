import type { ColumnType, JSONColumnType } from 'kysely';

/** A jsonb column: read parsed, written as JSON text (`json(value)` in database.ts). */
export type Json<T extends object> = JSONColumnType<T, string, string>;
/** The same with a default, so that an insert may leave it out. */
export type Defaulted<T extends object> = ColumnType<T, string | undefined, string>;
export type StringLists = Record<string, string[]>;
export type Tags = Record<string, string>;
