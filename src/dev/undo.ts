/** What has to be undone, newest first. */
export interface Undoing {
  push(step: () => Promise<void>): void;
  /** Undoes everything once, also when a step fails; then throws the first failure. */
  run(): Promise<void>;
}

export function createUndo(): Undoing {
  const steps: (() => Promise<void>)[] = [];
  return {
    push: (step) => steps.push(step),
    run: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await step().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
