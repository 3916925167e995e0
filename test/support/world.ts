import { inject } from 'vitest';
import { startWorld as start, type World, type WorldOptions } from '../../src/testing/world.ts';

export type { World } from '../../src/testing/world.ts';

/** Repoint whole, on a Temporal server that skips time, made of what the run's global setup started. */
export function startWorld(options: WorldOptions = {}): Promise<World> {
  const environment = {
    postgresUrl: `${inject('postgresUrl')}/postgres`,
    template: inject('postgresTemplate'),
    workflowBundlePath: inject('workflowBundlePath'),
    testServerPath: inject('testServerPath'),
  };
  return start(environment, options);
}
