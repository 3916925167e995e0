import { inject } from 'vitest';
import { cloneDatabase as clone, type TestDatabase } from '../../src/testing/testDatabase.ts';
import { useStarted } from './useStarted.ts';

export type { TestDatabase } from '../../src/testing/testDatabase.ts';

/** A migrated database of its own, which the caller drops. */
export function cloneDatabase(): Promise<TestDatabase> {
  return clone(`${inject('postgresUrl')}/postgres`, inject('postgresTemplate'));
}

/** A migrated database of their own for the tests of a file. */
export function useDatabase(): TestDatabase {
  return useStarted(cloneDatabase, (database) => database.drop());
}
