import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/channels/channel.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { suppress } from '../../src/db/people/suppressions.ts';
import { claim, claimNew, type Say } from '../../src/sending/claim.ts';
import {
  type CallClaim,
  CLAIM_ALIVE_MS,
  type Claim,
  type MessageOwner,
  type Recipient,
} from '../../src/sending/ledger.ts';
import { recordSkip } from '../../src/sending/record.ts';
import { recordOutcome } from '../../src/sending/recordOutcome.ts';
import { readStep } from '../../src/sending/rows.ts';
import { settleByFeedback } from '../../src/sending/settleByFeedback.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const start = new Date('2026-03-01T10:00:00Z');
const graceMs = 900_000;
const unknown: SendOutcome = { kind: 'unknown', reason: 'time-out' };
const accepted: SendOutcome = { kind: 'accepted', providerMessageId: 'ses-1' };
const refused: SendOutcome = { kind: 'refused', statusCode: 400, code: 'MessageRejected', reason: 'no' };

function later(ms: number) {
  const at = new Date(start.getTime() + ms);
  return { logical: at, real: at };
}

function newOwner(change: Partial<MessageOwner> = {}): MessageOwner {
  const ids = { appId: 'app', owner: newTimeId(start), step: 'Welcome' };
  return { ...ids, kind: 'entry', channel: 'EMAIL', class: 'marketing', graceMs, ...change };
}

function recipient(name: string): Recipient {
  return {
    recipient: name,
    endpointId: name,
    participant: null,
    channelType: 'EMAIL',
    address: `${name}@example.com`,
  };
}

function claimAt(owner: MessageOwner, names: string[], ms = 0, say?: Say): Promise<Claim[]> {
  return database.db.transaction().execute((tx) => claim(tx, owner, names.map(recipient), later(ms), say));
}

async function callAt(owner: MessageOwner, ms = 0, say?: Say): Promise<CallClaim> {
  const [claimed] = await claimAt(owner, ['ann'], ms, say);
  if (claimed?.kind !== 'call') throw new Error(`expected a call, got ${claimed?.kind}`);
  return claimed;
}

async function oneAt(owner: MessageOwner, ms: number): Promise<Claim | undefined> {
  return (await claimAt(owner, ['ann'], ms))[0];
}

function record(owner: MessageOwner, claimed: CallClaim, outcome: SendOutcome, ms = 0) {
  return recordOutcome(database.db, owner, claimed, outcome, later(ms).logical);
}

function feedback(owner: MessageOwner, seq: number, kind: Parameters<typeof settleByFeedback>[3], ms = 0) {
  return database.db
    .transaction()
    .execute((tx) =>
      settleByFeedback(tx, owner.appId, { owner: owner.owner, seq }, kind, null, later(ms).logical),
    );
}

describe('one call per message', () => {
  test('of many claims at the same moment exactly one may call', async () => {
    const owner = newOwner();
    const claims = (
      await Promise.all(Array.from({ length: 8 }, () => claimAt(owner, ['ann', 'bob'])))
    ).flat();
    expect(claims.filter((claimed) => claimed.kind === 'call')).toHaveLength(2);
    expect(claims.filter((claimed) => claimed.kind === 'wait')).toHaveLength(14);
  });

  test('seq counts an owner’s messages from 1 without gaps or doubles, however they race', async () => {
    const owner = newOwner();
    const steps = Array.from({ length: 10 }, (_, index) => ({ ...owner, step: `Step${index}` }));
    await Promise.all(steps.map((step) => claimAt(step, ['ann', 'bob'])));
    const rows = await database.db
      .selectFrom('message')
      .select('seq')
      .where('owner', '=', owner.owner)
      .execute();
    expect(rows.map((row) => row.seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  test('answers come in the order of the recipients, each with its own', async () => {
    const owner = newOwner();
    await claimAt(owner, ['bob']);
    const claims = await claimAt(owner, ['ann', 'bob', 'cem']);
    expect(claims.map((claimed) => [claimed.recipient.recipient, claimed.kind])).toEqual([
      ['ann', 'call'],
      ['bob', 'wait'],
      ['cem', 'call'],
    ]);
  });

  test('a sent message is settled with the instant of its claim', async () => {
    const owner = newOwner();
    expect(await record(owner, await callAt(owner, 1000), accepted, 3000)).toBe('sent');
    expect(await oneAt(owner, 60_000)).toMatchObject({
      kind: 'settled',
      state: 'sent',
      acceptedAt: later(1000).logical,
    });
  });

  test('the set and the addresses of the first claim are kept', async () => {
    const owner = newOwner();
    await claimAt(owner, ['bob', 'ann']);
    const moved = { ...recipient('ann'), address: 'elsewhere@example.com' };
    const [again] = await database.db.transaction().execute((tx) => claim(tx, owner, [moved], later(0)));
    expect(again?.recipient.address).toBe('ann@example.com');
    const { rows, next } = await database.db.transaction().execute((tx) => readStep(tx, owner));
    expect(rows.map((one) => one.recipient)).toEqual(['bob', 'ann']);
    expect(next).toBe(3);
  });
});

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

describe('an address on the suppression list', () => {
  const suppressNow = (name: string) =>
    suppress(database.db, [
      { channel: 'EMAIL', address: `${name}@example.com`, reason: 'MANUAL', source: 'test', since: start },
    ]);

  test('is skipped, whoever sends, and the others are called', async () => {
    await suppressNow('sue');
    const claims = await claimAt(newOwner({ class: 'transactional', kind: 'request' }), ['sue', 'bob']);
    expect(claims).toMatchObject([
      { kind: 'settled', state: 'skipped', reason: 'SUPPRESSED' },
      { kind: 'call', seq: 2 },
    ]);
  });

  test('gets no second call: what was put back is skipped, an unknown stays unknown', async () => {
    const again = async (name: string, outcome: SendOutcome) => {
      const owner = newOwner({ class: 'transactional' });
      const [call] = await claimAt(owner, [name]);
      if (call?.kind !== 'call') throw new Error('expected a call');
      await record(owner, call, outcome);
      await suppressNow(name);
      return (await claimAt(owner, [name], graceMs + 1))[0];
    };
    expect(await again('quentin', { kind: 'throttled', reason: 'slow' })).toMatchObject({
      state: 'skipped',
      reason: 'SUPPRESSED',
    });
    expect(await again('una', unknown)).toMatchObject({ state: 'unknown' });
  });
});

describe('a first claim, in one statement', () => {
  function claimNewly(owner: MessageOwner, names: string[], next = 1, change: Partial<Recipient> = {}) {
    const recipients = names.map((name) => ({ ...recipient(name), ...change }));
    return claimNew(database.db, owner, recipients, later(0), async () => undefined, next);
  }

  test('numbers its calls on from the owner’s last', async () => {
    const owner = newOwner();
    expect((await claimNewly(owner, ['ann', 'bob'])).map(({ seq }) => seq)).toEqual([1, 2]);
    const again = { ...owner, step: 'Reminder' };
    expect((await claimNewly(again, ['ann'], 3)).map(({ seq }) => seq)).toEqual([3]);
  });

  test('leaves out whom the ledger knows, a number that is taken and a suppressed address', async () => {
    const owner = newOwner();
    await claimNewly(owner, ['ann']);
    expect(await claimNewly(owner, ['ann'], 2)).toEqual([]);
    expect(await claimNewly(owner, ['bob'], 1)).toEqual([]);
    const suppressed = { channel: 'EMAIL', address: 'gone@example.com', reason: 'BOUNCE' } as const;
    await suppress(database.db, [{ ...suppressed, source: 'test', since: start }]);
    expect(await claimNewly(owner, ['gone', 'bob'], 2)).toEqual([]);
    expect(await claimAt(owner, ['gone', 'bob'])).toMatchObject([
      { kind: 'settled', reason: 'SUPPRESSED' },
      { kind: 'call', seq: 3 },
    ]);
  });

  test('of many at once, and of claims that look, one gets the call', async () => {
    for (let round = 0; round < 10; round += 1) {
      const owner = newOwner();
      const tries = [1, 2, 3].flatMap(() => [
        claimNewly(owner, ['ann', 'bob']),
        claimAt(owner, ['bob', 'ann']),
      ]);
      const calls = (await Promise.all(tries)).flat().filter(({ kind }) => kind === 'call');
      expect(calls.map((call) => call.recipient.recipient).sort()).toEqual(['ann', 'bob']);
    }
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
