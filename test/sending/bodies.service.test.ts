import { describe, expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { dropBodies } from '../../src/db/messages/dropBodies.ts';
import { claim } from '../../src/sending/claim.ts';
import type { CallClaim, MessageOwner } from '../../src/sending/ledger.ts';
import { keepRendered, recordSkip } from '../../src/sending/record.ts';
import { recordOutcome } from '../../src/sending/recordOutcome.ts';
import { settleByFeedback } from '../../src/sending/settleByFeedback.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const now = new Date('2026-03-01T10:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const graceMs = 900_000;
const body = { channel: 'SMS', body: 'Your code is 123' } as const;
const ann = {
  recipient: 'ann',
  endpointId: 'ann',
  participant: null,
  channelType: 'SMS',
  address: '+15550100',
};
const unknown = { kind: 'unknown', reason: 'time-out' } as const;

const transaction = () => database.db.transaction();
const claimAt = (owner: MessageOwner, at: Date) =>
  transaction().execute((tx) => claim(tx, owner, [ann], { logical: at, real: at }));

async function claimed(keepsBody: boolean): Promise<{ owner: MessageOwner; call: CallClaim }> {
  const owner: MessageOwner = {
    ...{ appId: 'app', owner: newTimeId(now), kind: 'entry', step: 'Code', channel: 'SMS' },
    ...{ class: 'marketing', graceMs, keepsBody },
  };
  const [call] = await claimAt(owner, now);
  if (call?.kind !== 'call') throw new Error('the claim of a new message is a call');
  await transaction().execute((tx) => keepRendered(tx, owner, { claim: call, rendered: body }));
  return { owner, call };
}

async function bodyOf({ owner }: MessageOwner): Promise<object | null | undefined> {
  const query = database.db.selectFrom('message').select('rendered').where('owner', '=', owner);
  return (await query.executeTakeFirst())?.rendered;
}

const settlings: Record<string, (owner: MessageOwner, call: CallClaim) => Promise<unknown>> = {
  'an acceptance': (owner, call) =>
    recordOutcome(database.db, owner, call, { kind: 'accepted', providerMessageId: 'p' }, now),
  'a refusal': (owner, call) =>
    recordOutcome(
      database.db,
      owner,
      call,
      { kind: 'refused', statusCode: 400, code: 'No', reason: 'no' },
      now,
    ),
  'a report': (owner, { seq }) =>
    transaction().execute((tx) =>
      settleByFeedback(tx, owner.appId, { owner: owner.owner, seq }, 'delivery', null, now),
    ),
  'the end of the grace of an unknown': async (owner, call) => {
    await recordOutcome(database.db, owner, call, unknown, now);
    await claimAt(owner, later(graceMs));
  },
  'a skip': (owner, call) =>
    transaction().execute((tx) => recordSkip(tx, owner, call, 'ENDPOINT_OPT_OUT', now)),
};

describe('what a message said', () => {
  test.each(Object.entries(settlings))('is gone with %s', async (_, settle) => {
    const { owner, call } = await claimed(false);
    expect(await bodyOf(owner)).toEqual(body);
    await settle(owner, call);
    expect(await bodyOf(owner)).toBeNull();
  });

  test.each(Object.entries(settlings))('stays after %s where it is to be kept', async (_, settle) => {
    const { owner, call } = await claimed(true);
    await settle(owner, call);
    expect(await bodyOf(owner)).toEqual(body);
  });

  test('is there for another call: after a throttle, and while an unknown waits for a report', async () => {
    for (const outcome of [{ kind: 'throttled', reason: 'rate' }, unknown] as const) {
      const { owner, call } = await claimed(false);
      await recordOutcome(database.db, owner, call, outcome, now);
      expect(await bodyOf(owner)).toEqual(body);
    }
  });

  test('that was kept goes when its time is over, and that of a message which is not settled never', async () => {
    await database.db.deleteFrom('message').execute();
    const [old, recent, open] = [await claimed(true), await claimed(true), await claimed(true)];
    await settlings['an acceptance']?.(old.owner, old.call);
    const accepted = { kind: 'accepted', providerMessageId: 'p' } as const;
    await recordOutcome(database.db, recent.owner, recent.call, accepted, later(1000));
    expect(await dropBodies(database.db, later(1))).toBe(1);
    expect(await dropBodies(database.db, later(1))).toBe(0);
    expect(await Promise.all([old, recent, open].map(({ owner }) => bodyOf(owner)))).toEqual([
      null,
      body,
      body,
    ]);
  });
});
