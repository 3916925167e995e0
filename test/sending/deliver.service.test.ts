import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outgoing, Sender } from '../../src/channels/channel.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { claim } from '../../src/sending/claim.ts';
import { deliver } from '../../src/sending/deliver.ts';
import type { CallClaim, MessageOwner } from '../../src/sending/ledger.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { testDeps } from '../support/deps.ts';
import { cutNextLedgerStatement } from '../support/killConnections.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

const message: Outgoing = {
  channel: 'EMAIL',
  messageId: 'id',
  appId: 'app',
  origin: {},
  from: 'us@example.com',
  to: 'ann@example.com',
  content: { kind: 'simple', subject: 'Hello' },
};

async function claimOne(): Promise<{ owner: MessageOwner; claimed: CallClaim }> {
  const now = new Date();
  const owner: MessageOwner = {
    ...{ appId: 'app', owner: newTimeId(now), kind: 'entry', step: 'Welcome' },
    ...{ channel: 'EMAIL', class: 'marketing', graceMs: 900_000 },
  };
  const ann = { recipient: 'ann', endpointId: 'ann', participant: null };
  const recipients = [{ ...ann, channelType: 'EMAIL', address: 'ann@example.com' }];
  const time = { logical: now, real: now };
  const [claimed] = await database.db.transaction().execute((tx) => claim(tx, owner, recipients, time));
  if (claimed?.kind !== 'call') throw new Error('the claim of a new message is a call');
  return { owner, claimed };
}

async function stateOf(owner: MessageOwner) {
  const query = database.db.selectFrom('message').select(['state', 'reason', 'provider_message_id']);
  return await query.where('owner', '=', owner.owner).executeTakeFirst();
}

/** Deps whose provider accepts every call after `during` has happened. */
function accepting(during: () => Promise<void>) {
  const sender: Sender = {
    send: async () => {
      await during();
      return { kind: 'accepted', providerMessageId: 'ses-1' };
    },
  };
  return testDeps(database.db, { sender });
}

test('an answer is recorded although every connection to Postgres is cut while it is', async () => {
  const { owner, claimed } = await claimOne();
  const traps: Promise<void>[] = [];
  const deps = accepting(async () => {
    traps.push((await cutNextLedgerStatement(database.url)).sprung);
  });
  expect(await deliver(deps, owner, claimed, message)).toMatchObject({ recorded: 'sent' });
  await Promise.all(traps);
  expect(await stateOf(owner)).toMatchObject({ state: 'sent', provider_message_id: 'ses-1' });
});

test('the answer about somebody who was erased meanwhile is dropped', async () => {
  const { owner, claimed } = await claimOne();
  const deps = accepting(async () => {
    await database.db.deleteFrom('message').where('owner', '=', owner.owner).execute();
  });
  expect(await deliver(deps, owner, claimed, message)).toMatchObject({ recorded: 'erased' });
  expect(await stateOf(owner)).toBeUndefined();
});

test('a call that cannot begin within a second of its claim is given up, to be claimed again', async () => {
  const { owner, claimed } = await claimOne();
  let calls = 0;
  const deps = accepting(async () => {
    calls += 1;
  });
  const delivered = await deliver(deps, owner, claimed, message, performance.now() - 1001);
  expect([delivered.recorded, calls]).toEqual(['retry', 0]);
  expect(await stateOf(owner)).toMatchObject({ state: 'queued' });
});
