import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const kit = fileURLToPath(new URL('./src/testing/index.ts', import.meta.url));

/**
 * `unit` needs nothing but Node and runs in parallel; `service` shares one Postgres and real servers, two files at a time
 * since much of each is waiting (378 s instead of about 700 on two cores);
 * `examples` are tests as customers write them, with the kit that is exported as `repoint/testing`, in one process.
 * Groups run one after the other: projects with different numbers of workers cannot share one.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.service.test.ts'] } },
      {
        test: {
          name: 'service',
          include: ['test/**/*.service.test.ts'],
          globalSetup: 'test/support/globalSetup.ts',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias: { 'repoint/testing': kit } },
        test: {
          name: 'examples',
          include: ['examples/**/*.test.ts'],
          fileParallelism: false,
          isolate: false,
          sequence: { groupOrder: 2 },
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
