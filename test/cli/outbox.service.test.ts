import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { addOutboxCommands } from '../../src/cli/outbox.ts';
import { json } from '../../src/db/database.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
beforeAll(async () => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('REPOINT_DELIVERY', 'mailbox');
  vi.stubEnv('REPOINT_LOG_LEVEL', 'silent');
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
});

const entryId = '0198c0de-0000-7000-8000-000000000001';
const died_at = new Date('2026-03-01T10:00:00Z');

async function bury(id: string, kind: string, payload: object): Promise<void> {
  const entry_id = kind === 'enter' ? entryId : null;
  const row = { id, kind, app_id: 'app', entry_id, workflow_id: `workflow/${id}`, payload: json(payload) };
  await database.db
    .insertInto('outbox_dead')
    .values({ ...row, attempts: 20, last_error: 'INVALID_ARGUMENT', died_at })
    .execute();
}

async function repoint(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const program = new Command('repoint').exitOverride();
  addOutboxCommands(program);
  await program.parseAsync(['outbox', ...args], { from: 'user' });
  return lines;
}

it('lists what was given up with the reason, and puts it back as it was', async () => {
  const started = { workflowType: 'journeyLife', input: {}, summary: 'Journey' };
  await bury('7', 'enter', {});
  await bury('12', 'start', started);
  await bury('13', 'wake', {});
  expect(await repoint('list')).toEqual([
    '7\tenter\tapp\tworkflow/7\t2026-03-01T10:00:00.000Z\t20\tINVALID_ARGUMENT',
    '12\tstart\tapp\tworkflow/12\t2026-03-01T10:00:00.000Z\t20\tINVALID_ARGUMENT',
    '13\twake\tapp\tworkflow/13\t2026-03-01T10:00:00.000Z\t20\tINVALID_ARGUMENT',
  ]);
  expect(await repoint('retry', '7', '12', '99')).toEqual(['2 of 3 put back; a worker delivers them now.']);
  expect(await repoint('retry', '--all')).toEqual(['1 put back; a worker delivers them now.']);
  expect(await repoint('retry', '7')).toEqual(['0 of 1 put back.']);
  expect(await repoint('list')).toEqual(['Nothing was given up.']);
  const rows = database.db
    .selectFrom('outbox')
    .select(['lane', 'kind', 'entry_id', 'workflow_id', 'payload', 'attempts', 'leased_until']);
  expect(await rows.orderBy('id').execute()).toMatchObject([
    { lane: 1, kind: 'enter', entry_id: entryId, workflow_id: 'workflow/7', payload: {}, attempts: 0 },
    { lane: 0, kind: 'start', entry_id: null, workflow_id: 'workflow/12', payload: started, attempts: 0 },
    { lane: 0, kind: 'wake', workflow_id: 'workflow/13', attempts: 0, leased_until: null },
  ]);
});

it('asks which, and refuses what is no id', async () => {
  await expect(repoint('retry')).rejects.toThrow('name ids, as `repoint outbox list` prints them, or --all');
  await expect(repoint('retry', '7', '--all')).rejects.toThrow('or --all');
  await expect(repoint('retry', 'x', '1e3')).rejects.toThrow(/given "x".*given "1e3"/);
});

it('says that Postgres does not answer, without a stack', async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/nothing');
  await expect(repoint('list')).rejects.toMatchObject({
    code: 'Unavailable',
    message: expect.stringContaining('DATABASE_URL'),
  });
  vi.stubEnv('DATABASE_URL', database.url);
});
