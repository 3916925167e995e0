import { inject } from 'vitest';
import type { Environment } from '../../src/testing/environment.ts';

/** What the run's global setup started. */
export function runEnvironment(): Environment {
  return {
    postgresUrl: `${inject('postgresUrl')}/postgres`,
    template: inject('postgresTemplate'),
    workflowBundlePath: inject('workflowBundlePath'),
    testServerPath: inject('testServerPath'),
  };
}
