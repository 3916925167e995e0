import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/channels/channel.ts';
import { suppress } from '../../src/db/people/suppressions.ts';
import { claim, claimNew } from '../../src/sending/claim.ts';
import type { MessageOwner, Recipient } from '../../src/sending/ledger.ts';
import { readStep } from '../../src/sending/rows.ts';
import {
  accepted,
  graceMs,
  later,
  newOwner,
  recipient,
  start,
  unknown,
  useLedger,
} from '../support/useLedger.ts';

const { database, claimAt, callAt, oneAt, record } = useLedger();

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
