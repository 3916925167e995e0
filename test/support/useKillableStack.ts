import { runEnvironment } from './environment.ts';
import { type KillableStack, startKillableStack } from './killableStack.ts';
import { useStarted } from './useStarted.ts';

/** A stack whose worker can be killed, for the tests of a file. Its worker is the test's to start. */
export function useKillableStack(settings: Readonly<Record<string, string>> = {}): KillableStack {
  return useStarted(
    () => startKillableStack(runEnvironment(), settings),
    (stack) => stack.close(),
  );
}
