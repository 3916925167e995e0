import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { claimNew } from '../../src/sending/claim.ts';
import type { MessageOwner } from '../../src/sending/ledger.ts';
import { recordOutcomes } from '../../src/sending/recordOutcomes.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const now = new Date('2026-03-01T10:00:00Z');

test('a marked statement is planned once a connection, and outlives a migration that adds a column', async () => {
  await database.db.connection().execute(async (db) => {
    const send = async () => {
      const owner: MessageOwner = {
        ...{ appId: 'app', owner: newTimeId(now), kind: 'entry', step: 'Welcome', channel: 'EMAIL' },
        ...{ class: 'marketing', graceMs: 1 },
      };
      const to = {
        recipient: 'ann',
        endpointId: 'ann',
        participant: null,
        channelType: 'EMAIL',
        address: 'a@b',
      };
      const time = { logical: now, real: now };
      const [claim] = await claimNew(db, owner, [to], time, async () => undefined, 1);
      if (claim === undefined) throw new Error('the claim of a new message is a call');
      const outcome = { kind: 'accepted', providerMessageId: 'ses' } as const;
      return await recordOutcomes(db, 'app', [{ owner, claim, outcome, logical: now }]);
    };
    for (let turn = 0; turn < 3; turn += 1) expect(await send()).toEqual(['sent']);
    await sql`alter table message add column later text`.execute(db);
    expect(await send()).toEqual(['sent']);
    const { rows } = await sql<{ plans: string }>`
      select generic_plans + custom_plans as plans from pg_prepared_statements`.execute(db);
    expect(rows.map(({ plans }) => Number(plans))).toEqual([4, 4]);
  });
});
