import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const kit = fileURLToPath(new URL('./src/testing/index.ts', import.meta.url));

/**
 * `unit` needs nothing but Node and runs in parallel; `service` shares one Postgres and real servers, two files at a time
 * since much of each is waiting (378 s instead of about 700 on two cores);
 * `examples` are tests as customers write them, with the kit that is exported as `repoint/testing`, in one process.
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
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
