import { beforeAll } from 'vitest';

/**
 * Something that stands while the tests of this file, or of this `describe`, run: started before the hooks that are
 * registered after it, stopped when every test and `afterAll` is through, the last started first.
 * @returns what `start` answers; its members are there as soon as it has been started
 */
export function useStarted<T extends object>(
  start: () => Promise<T>,
  stop: (started: T) => Promise<unknown>,
): T {
  const standing = {} as T;
  beforeAll(async () => {
    const started = await start();
    Object.assign(standing, started);
    return () => stop(started);
  });
  return standing;
}
