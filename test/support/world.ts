import { startWorld as start, type World, type WorldOptions } from '../../src/testing/world.ts';
import { runEnvironment } from './environment.ts';
import { useStarted } from './useStarted.ts';

export type { World } from '../../src/testing/world.ts';

/** Repoint whole, on a Temporal server that skips time, made of what the run's global setup started. */
export function startWorld(options: WorldOptions = {}): Promise<World> {
  return start(runEnvironment(), options);
}

/**
 * A world for the tests of a file.
 * @param options as a function where they need what stands only when the world is started
 */
export function useWorld(options: WorldOptions | (() => WorldOptions) = {}): World {
  return useStarted(
    () => startWorld(typeof options === 'function' ? options() : options),
    (world) => world.close(),
  );
}
