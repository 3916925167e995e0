import { startWorld as start, type World, type WorldOptions } from '../../src/testing/world.ts';
import { runEnvironment } from './environment.ts';

export type { World } from '../../src/testing/world.ts';

/** Repoint whole, on a Temporal server that skips time, made of what the run's global setup started. */
export function startWorld(options: WorldOptions = {}): Promise<World> {
  return start(runEnvironment(), options);
}
