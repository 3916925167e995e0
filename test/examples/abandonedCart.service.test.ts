import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processesWith, runProgram } from '../support/program.ts';

const file = path.resolve(import.meta.dirname, '../../examples/journeys/abandoned-cart.node-test.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-node-test-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (...options: string[]) =>
  runProgram([...options, '--conditions=source', file], { TMPDIR: folder });

/** What a process leaves behind is cleared up by another, which takes a moment. */
const left = async () => [...(await readdir(folder)), ...processesWith(`${folder}/`)];

test('a test of node:test runs on the kit, ends by itself and leaves nothing behind', {
  timeout: 120_000,
}, async () => {
  const program = run('--test');
  expect(await program.ended, program.output()).toBe(0);
  expect(program.output()).toMatch(/pass 4/);
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
});

test('a test that is killed leaves nothing behind', { timeout: 120_000 }, async () => {
  const program = run();
  await program.printed('who buys within the hour');
  program.child.kill('SIGKILL');
  await program.ended;
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
});
