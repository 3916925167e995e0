import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';

/** Most of it is Temporal's own; ours must stay a small part, since every worker compiles it and keeps it in memory. */
const sizeLimitBytes = 700_000;

const forbidden = [
  'zod',
  'kysely',
  'pg',
  'luxon',
  'pino',
  'hono',
  'handlebars',
  'uuid',
  '@aws-sdk',
  '@smithy',
];

let code: string;
beforeAll(async () => {
  const quiet = () => {};
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const bundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url)),
    logger,
  });
  code = bundle.code.replace(/\/\/# sourceMappingURL=.*$/s, '');
}, 60_000);

describe('the workflow bundle', () => {
  it.each(forbidden)('carries no %s', (name) => {
    expect(code).not.toContain(`node_modules/${name}/`);
  });

  it('carries no module of Node', () => {
    const modules = [...code.matchAll(/["'](?:external )?(node:[a-z/_]+)["']/g)].map((match) => match[1]);
    expect(modules).toEqual([]);
  });

  it('carries no code of Repoint but workflows and domain', () => {
    const rooms = [...code.matchAll(/["']\.\/src\/([a-z]+)\//g)].map((match) => match[1]);
    expect(rooms.length).toBeGreaterThan(0);
    expect([...new Set(rooms)].filter((room) => room !== 'workflows' && room !== 'domain')).toEqual([]);
  });

  it(`stays under ${sizeLimitBytes / 1000} kB`, () => {
    expect(Buffer.byteLength(code)).toBeLessThan(sizeLimitBytes);
  });
});
