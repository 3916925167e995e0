import { defineConfig } from 'vitest/config';

/** `unit` needs nothing but Node and runs in parallel; `service` shares one Postgres and real servers, a file at a time. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.service.test.ts'] } },
      {
        test: {
          name: 'service',
          include: ['test/**/*.service.test.ts'],
          globalSetup: 'test/support/globalSetup.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
