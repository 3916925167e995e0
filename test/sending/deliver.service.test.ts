import { beforeAll, describe, expect, test } from 'vitest';
import type { Outgoing, Sender, SendOutcome } from '../../src/channels/channel.ts';
import { readConfig } from '../../src/config.ts';
import { insertApp } from '../../src/db/apps.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { suppressedAmong } from '../../src/db/people/suppressions.ts';
import { claim } from '../../src/sending/claim.ts';
import { deliver } from '../../src/sending/deliver.ts';
import type { CallClaim, MessageOwner } from '../../src/sending/ledger.ts';
import { useDatabase } from '../support/database.ts';
import { testDeps, testSettings } from '../support/deps.ts';
import { cutNextLedgerStatement } from '../support/killConnections.ts';

const database = useDatabase();
beforeAll(async () => {
  const now = new Date();
  await insertApp(database.db, { id: 'app', name: 'App', tags: {} }, now);
});

const message: Outgoing = {
  channel: 'EMAIL',
  messageId: 'id',
  appId: 'app',
  origin: {},
  from: 'us@example.com',
  to: 'ann@example.com',
  content: { kind: 'simple', subject: 'Hello' },
};

async function claimOne(
  id = 'ann',
  channel: 'EMAIL' | 'PUSH' | 'SMS' = 'EMAIL',
  address = 'ann@example.com',
): Promise<{ owner: MessageOwner; claimed: CallClaim }> {
  const now = new Date();
  const owner: MessageOwner = {
    ...{ appId: 'app', owner: newTimeId(now), kind: 'entry', step: 'Welcome' },
    ...{ channel, class: 'marketing', graceMs: 900_000 },
  };
  const ann = { recipient: id, endpointId: id, participant: null };
  const recipients = [{ ...ann, channelType: 'EMAIL', address }];
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

describe('what a push service says of a token', () => {
  const dead: SendOutcome = {
    ...{ kind: 'refused', statusCode: 410, code: 'PERMANENT_FAILURE', reason: 'gone' },
    deadAddress: 'gone',
  };
  const renewed: SendOutcome = { kind: 'accepted', providerMessageId: 'p1', updatedToken: 'new-token' };
  const seen = new Date('2026-01-05T10:00:00Z');

  async function sendTo(
    id: string,
    outcome: SendOutcome,
    addressBefore = 'ann@example.com',
    REPOINT_SUPPRESS = 'bounce',
  ) {
    const { owner, claimed } = await claimOne(id, 'PUSH');
    const now = seen;
    const times = { effective_date: now, created_at: now, updated_at: now };
    const ann = { app_id: 'app', id, channel_type: 'EMAIL', status: 'ACTIVE', opt_out: 'NONE', cohort: 1 };
    await database.db
      .insertInto('endpoint')
      .values({ ...ann, ...times, address: addressBefore, user_id: null, request_id: null })
      .execute();
    const config = readConfig({ ...testSettings, REPOINT_SUPPRESS });
    const deps = testDeps(database.db, { sender: { send: async () => outcome }, config });
    await deliver(deps, owner, claimed, message);
    const endpoints = database.db.selectFrom('endpoint').select(['status', 'address', 'effective_date']);
    return await endpoints.where('id', '=', id).executeTakeFirst();
  }

  test('a dead one makes its endpoint INACTIVE, which is no sign of life, and segments are asked again', async () => {
    expect(await sendTo('dead', dead)).toMatchObject({ status: 'INACTIVE', effective_date: seen });
    const dirty = database.db.selectFrom('dirty_endpoint').select('endpoint_id');
    expect(await dirty.where('endpoint_id', '=', 'dead').execute()).toHaveLength(1);
  });

  test('a dead one is suppressed too where the setting says so, unless it is only of another app', async () => {
    const foreign: SendOutcome = { ...dead, deadAddress: 'foreign' };
    const suppressed = async () => await database.db.selectFrom('suppression').selectAll().execute();
    await sendTo('kept', dead);
    expect(await sendTo('foreign', foreign, 'ann@example.com', 'token')).toMatchObject({
      status: 'INACTIVE',
    });
    expect(await suppressed()).toEqual([]);
    await sendTo('gone', dead, 'ann@example.com', 'bounce,token');
    expect(await suppressed()).toMatchObject([
      { channel: 'PUSH', address: 'ann@example.com', source: 'push' },
    ]);
    await database.db.deleteFrom('suppression').execute();
  });

  test('an endpoint that has another address by now stays as it is', async () => {
    expect(await sendTo('moved', dead, 'moved@example.com')).toMatchObject({ status: 'ACTIVE' });
  });

  test('a new one becomes the address, and whoever had it before is INACTIVE', async () => {
    const before = await sendTo('holder', { kind: 'accepted', providerMessageId: 'p' }, 'new-token');
    expect(before).toMatchObject({ status: 'ACTIVE' });
    expect(await sendTo('renewed', renewed)).toMatchObject({ status: 'ACTIVE', address: 'new-token' });
    const holder = database.db.selectFrom('endpoint').select('status').where('id', '=', 'holder');
    expect(await holder.executeTakeFirst()).toEqual({ status: 'INACTIVE' });
  });
});

test('a number of which the provider says that it has opted out is opted out and suppressed, as by STOP', async () => {
  const number = '+15550104444';
  const { owner, claimed } = await claimOne('texter', 'SMS', number);
  const now = new Date();
  const times = { effective_date: now, created_at: now, updated_at: now };
  const row = { id: 'texter', channel_type: 'SMS', status: 'ACTIVE', opt_out: 'NONE', cohort: 1 };
  await database.db
    .insertInto('endpoint')
    .values({ app_id: 'app', ...row, ...times, address: number, user_id: null, request_id: null })
    .execute();
  const optedOut: SendOutcome = { kind: 'refused', statusCode: 400, code: 'OPT_OUT', reason: 'opted out' };
  const deps = testDeps(database.db, { sender: { send: async () => optedOut } });
  expect(await deliver(deps, owner, claimed, message)).toMatchObject({ recorded: 'failed' });
  const endpoints = database.db.selectFrom('endpoint').select(['opt_out', 'status']);
  expect(await endpoints.where('id', '=', 'texter').executeTakeFirst()).toEqual({
    opt_out: 'ALL',
    status: 'ACTIVE',
  });
  expect(await suppressedAmong(database.db, 'SMS', [number])).toEqual(new Set([number]));
});
