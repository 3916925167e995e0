import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { claimNew } from '../../src/sending/claim.ts';
import type { MessageOwner } from '../../src/sending/ledger.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-03-01T10:00:00Z');

test('a marked statement is parsed once a connection, and outlives a migration that adds a column', async () => {
  await database.db.connection().execute(async (db) => {
    const claims = () => {
      const owner: MessageOwner = {
        ...{ appId: 'app', owner: newTimeId(now), kind: 'entry', step: 'Welcome', channel: 'EMAIL' },
        ...{ class: 'marketing', graceMs: 1 },
      };
      const ann = { recipient: 'ann', endpointId: 'ann', participant: null };
      const to = { ...ann, channelType: 'EMAIL', address: 'ann@example.com' };
      return claimNew(db, owner, [to], { logical: now, real: now }, async () => undefined, 1);
    };
    for (let turn = 0; turn < 3; turn += 1) expect(await claims()).toHaveLength(1);
    await sql`alter table message add column later text`.execute(db);
    expect(await claims()).toHaveLength(1);
    const { rows } = await sql`
      select (generic_plans + custom_plans)::int as uses, left(statement, 28) as statement
      from pg_prepared_statements`.execute(db);
    expect(rows).toEqual([{ uses: 4, statement: '/* prepared: claim messages ' }]);
  });
});
