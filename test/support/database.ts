import { inject } from 'vitest';
import { cloneDatabase as clone, type TestDatabase } from '../../src/testing/testDatabase.ts';

export type { TestDatabase } from '../../src/testing/testDatabase.ts';

/** A database of its own for one test file. */
export function cloneDatabase(): Promise<TestDatabase> {
  return clone(`${inject('postgresUrl')}/postgres`, inject('postgresTemplate'));
}
