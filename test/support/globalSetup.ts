import type { TestProject } from 'vitest/node';
import { startEnvironment } from '../../src/testing/environment.ts';
import { placeForAwsCli } from './awsCliServer.ts';
import { placeForMoto } from './moto.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's, without a database at its end. */
    postgresUrl: string;
    /** The migrated database that each test file clones. */
    postgresTemplate: string;
    /** The workflows, bundled once per run. */
    workflowBundlePath: string;
    /** The time-skipping Temporal server. */
    testServerPath: string;
  }
}

/** Once per run: what each test file's database is cloned from and its world is made of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = await startEnvironment();
  project.provide('postgresUrl', new URL(environment.postgresUrl).href.replace(/\/[^/]*$/, ''));
  project.provide('postgresTemplate', environment.template);
  project.provide('workflowBundlePath', environment.workflowBundlePath);
  project.provide('testServerPath', environment.testServerPath);
  const moto = await placeForMoto();
  project.provide('moto', moto.place);
  const awsCli = placeForAwsCli();
  project.provide('awsCli', awsCli.place);
  return async () => {
    moto.stop();
    awsCli.stop();
    await environment.stop();
  };
}
