import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/channels/channel.ts';
import {
  type CallClaim,
  CLAIM_ALIVE_MS,
  type MessageOwner,
  type Recipient,
} from '../../src/sending/ledger.ts';
import { recordSkip } from '../../src/sending/record.ts';
import {
  accepted,
  graceMs,
  later,
  newOwner,
  recipient,
  refused,
  start,
  unknown,
  useLedger,
} from '../support/useLedger.ts';

const { database, claimAt, callAt, oneAt, record, feedback } = useLedger();

describe('certainly not sent', () => {
  test.each<SendOutcome>([
    { kind: 'throttled', reason: 'Maximum sending rate exceeded' },
    { kind: 'unreached', reason: 'ECONNREFUSED' },
  ])('$kind: the next claim calls again with what was rendered, under the next attempt', async (outcome) => {
    const owner = newOwner();
    const rendered = { channel: 'EMAIL', subject: 'Hi', text: 'there' } as const;
    const first = await callAt(owner, 0, async () => ({ rendered, template: { name: 'hi', version: 3 } }));
    expect(await record(owner, first, outcome)).toBe('retry');
    const second = await callAt(owner, 1000);
    expect(second).toMatchObject({ seq: first.seq, attempt: 2, rendered });
    expect(second.messageId).toBe(`${owner.owner}-${first.seq}-2`);
  });

  test('refused: failed for good, with the provider’s reason', async () => {
    const owner = newOwner();
    expect(await record(owner, await callAt(owner), refused)).toBe('failed');
    expect(await oneAt(owner, 1)).toMatchObject({
      state: 'failed',
      reason: 'MessageRejected: no',
      acceptedAt: null,
    });
  });

  test('skipped: without a claim, from a claim, never over somebody else’s', async () => {
    const owner = newOwner();
    const skip = (who: Recipient | CallClaim) =>
      database.db.transaction().execute((tx) => recordSkip(tx, owner, who, 'ENDPOINT_OPT_OUT', start));
    await skip(recipient('bob'));
    await callAt(owner);
    await skip(recipient('ann'));
    const [ann, bob, cem] = await claimAt(owner, ['ann', 'bob', 'cem']);
    expect(ann?.kind).toBe('wait');
    expect(bob).toMatchObject({ state: 'skipped', reason: 'ENDPOINT_OPT_OUT' });
    if (cem?.kind !== 'call') throw new Error('cem is new');
    await skip(cem);
    expect((await claimAt(owner, ['cem']))[0]).toMatchObject({ state: 'skipped' });
  });
});

describe('perhaps sent', () => {
  test('a claim that died is alive for 12 s and then waits out its grace', async () => {
    const owner = newOwner();
    await callAt(owner);
    expect(await oneAt(owner, 5000)).toMatchObject({ kind: 'wait', until: later(CLAIM_ALIVE_MS).logical });
    expect(await oneAt(owner, CLAIM_ALIVE_MS)).toMatchObject({ kind: 'wait', until: later(graceMs).logical });
  });

  test('marketing is never called again and ends listed as unknown', async () => {
    const owner = newOwner();
    expect(await record(owner, await callAt(owner), unknown)).toBe('unknown');
    expect(await oneAt(owner, graceMs - 1)).toMatchObject({ kind: 'wait', until: later(graceMs).logical });
    expect(await oneAt(owner, graceMs)).toMatchObject({
      kind: 'settled',
      state: 'unknown',
      reason: 'time-out',
    });
    expect(await oneAt(owner, graceMs * 9)).toMatchObject({ kind: 'settled', state: 'unknown' });
  });

  test('transactional is called once more, and not a third time', async () => {
    const owner = newOwner({ class: 'transactional' });
    await callAt(owner);
    const second = await callAt(owner, graceMs);
    expect(second.attempt).toBe(2);
    await record(owner, second, unknown, graceMs);
    expect(await oneAt(owner, graceMs * 2 - 1)).toMatchObject({ kind: 'wait' });
    expect(await oneAt(owner, graceMs * 2)).toMatchObject({ kind: 'settled', state: 'unknown' });
  });

  test('a throttled second call is not counted as the one more', async () => {
    const owner = newOwner({ class: 'transactional' });
    await record(owner, await callAt(owner), unknown);
    await record(owner, await callAt(owner, graceMs), { kind: 'throttled', reason: 'rate' }, graceMs);
    expect((await callAt(owner, graceMs + 1)).attempt).toBe(3);
  });

  test('a refusal of the second call leaves the first listed as unknown', async () => {
    const owner = newOwner({ class: 'transactional' });
    await record(owner, await callAt(owner), unknown);
    expect(await record(owner, await callAt(owner, graceMs), refused, graceMs)).toBe('unknown');
    expect(await oneAt(owner, graceMs * 5)).toMatchObject({ kind: 'settled', state: 'unknown' });
  });

  test('an answer that comes after its claim was given up still counts', async () => {
    const owner = newOwner();
    const claimed = await callAt(owner);
    await oneAt(owner, CLAIM_ALIVE_MS);
    expect(await record(owner, claimed, accepted, CLAIM_ALIVE_MS + 1)).toBe('sent');
    expect(await oneAt(owner, graceMs)).toMatchObject({ state: 'sent', acceptedAt: start });
  });
});

describe('the provider’s own reports', () => {
  test('send settles an unknown as sent at its claim, before and after the grace', async () => {
    for (const settledFirst of [false, true]) {
      const owner = newOwner();
      const claimed = await callAt(owner);
      await record(owner, claimed, unknown);
      if (settledFirst) await oneAt(owner, graceMs);
      await feedback(owner, claimed.seq, 'send', 2000);
      expect(await oneAt(owner, graceMs)).toMatchObject({ state: 'sent', reason: null, acceptedAt: start });
    }
  });

  test('a report that overtakes the answer is not undone by it', async () => {
    const owner = newOwner();
    const claimed = await callAt(owner);
    await feedback(owner, claimed.seq, 'bounce');
    expect(await record(owner, claimed, accepted)).toBe('failed');
    const other = newOwner();
    const second = await callAt(other);
    await feedback(other, second.seq, 'send');
    expect(await record(other, second, unknown)).toBe('sent');
  });

  test('reports may come in any order: the strongest stays', async () => {
    const owner = newOwner();
    const claimed = await callAt(owner);
    await record(owner, claimed, accepted);
    for (const kind of ['open', 'delivery', 'send'] as const) await feedback(owner, claimed.seq, kind);
    expect(await oneAt(owner, 1)).toMatchObject({ state: 'delivered' });
    for (const kind of ['bounce', 'delivery'] as const) await feedback(owner, claimed.seq, kind);
    expect(await oneAt(owner, 1)).toMatchObject({ state: 'failed', reason: 'BOUNCE' });
  });
});

describe('answers that are recorded together', () => {
  const poison: SendOutcome = { kind: 'unknown', reason: 'a text Postgres takes not: \u0000' };

  test('each of them counts, also beside one of somebody erased and one that cannot be written', async () => {
    const owners = Array.from({ length: 12 }, () => newOwner());
    const calls = await Promise.all(owners.map((owner) => callAt(owner)));
    await database.db
      .deleteFrom('message')
      .where('owner', '=', owners[1]?.owner ?? '')
      .execute();
    const outcomes = calls.map((_, index) => [accepted, accepted, poison, refused][index % 4] ?? accepted);
    outcomes[1] = accepted;
    const recorded = await Promise.allSettled(
      calls.map((call, index) => record(owners[index] as MessageOwner, call, outcomes[index] as SendOutcome)),
    );
    const words = recorded.map((one) => (one.status === 'fulfilled' ? one.value : 'rejected'));
    expect(words).toEqual([
      ...['sent', 'erased', 'rejected', 'failed'],
      ...['sent', 'sent', 'rejected', 'failed'],
      ...['sent', 'sent', 'rejected', 'failed'],
    ]);
    const kept = await database.db
      .selectFrom('message')
      .select(['state', 'reason', 'provider_message_id'])
      .where('owner', 'in', owners.map(({ owner }) => owner).slice(0, 4))
      .orderBy('owner')
      .execute();
    expect(kept.map(({ state }) => state).sort()).toEqual(['claimed', 'failed', 'sent']);
    const attempts = database.db.selectFrom('message_attempt').select(['outcome', 'detail']);
    expect(await attempts.where('owner', '=', owners[3]?.owner ?? '').execute()).toEqual([
      { outcome: 'refused', detail: 'MessageRejected: no' },
    ]);
  });

  test('a late answer and that of the call after it both count', async () => {
    const owner = newOwner({ class: 'transactional' });
    const first = await callAt(owner);
    const second = await callAt(owner, graceMs);
    expect(second.attempt).toBe(2);
    const answers = [record(owner, first, accepted, graceMs), record(owner, second, refused, graceMs)];
    answers.push(record(owner, first, accepted, graceMs), record(owner, second, refused, graceMs));
    expect(await Promise.all(answers)).toEqual(['sent', 'sent', 'sent', 'sent']);
    const attempts = database.db.selectFrom('message_attempt').select('outcome').orderBy('attempt');
    const outcomes = await attempts.where('owner', '=', owner.owner).execute();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused']);
  });
});
