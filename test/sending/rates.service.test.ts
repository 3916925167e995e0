import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountLimits, Permit, Rates } from '../../src/channels/rates.ts';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { RepointError } from '../../src/domain/errors.ts';
import { createLog } from '../../src/log.ts';
import { createRates } from '../../src/sending/rates/createRates.ts';
import { useDatabase } from '../support/database.ts';
import { testSettings } from '../support/deps.ts';

let other: ReturnType<typeof openDatabase>;
let limits: AccountLimits | null;
const database = useDatabase();
beforeAll(async () => {
  other = openDatabase(database.url);
});
afterAll(async () => {
  await other.destroy();
});
beforeEach(async () => {
  await database.db.deleteFrom('rate_bucket').execute();
  limits = { perSecond: 1000, dayQuota: null, sentInDay: 0, isSandbox: false, isSending: true };
});

/** As another process would have them: its own pool, its own memory. */
function ratesOf(db = database.db, settings: Record<string, string> = {}): Rates {
  const config = readConfig({ ...testSettings, ...settings });
  const readAccount = async () => {
    if (limits === null) throw new RepointError('Unavailable', 'GetAccount: AccessDeniedException');
    return limits;
  };
  return createRates({ db, clock: systemClock, config, log: createLog('silent'), readAccount });
}

const email = { channel: 'EMAIL', class: 'marketing', count: 1 } as const;

async function accountIs(change: Partial<AccountLimits>): Promise<void> {
  if (limits !== null) limits = { ...limits, ...change };
  await database.db.updateTable('rate_bucket').set({ checked_at: null, failed_at: null }).execute();
  await ratesOf().refresh();
}

describe('two processes that ask for all they can', () => {
  it('share one line of slots, at the limit together and at nothing below it', async () => {
    const limit = 200;
    await accountIs({ perSecond: limit });
    const pools = [ratesOf(), ratesOf(other)];
    const wish = { ...email, class: 'transactional', count: 50, patienceMs: 60_000 } as const;
    const permits = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (pools[index % 2] as Rates).ask(wish)),
    );
    const slots = permits.flatMap((permit) => permit.slots).sort((a, b) => a - b);
    expect(slots).toHaveLength(5000);
    const seconds = ((slots.at(-1) ?? 0) - (slots[0] ?? 0)) / 1000;
    expect(slots.length / seconds).toBeGreaterThan(limit * 0.9);
    expect(slots.length / seconds).toBeLessThan(limit * 1.05);
  });
});

describe('transactional and marketing messages', () => {
  it('find that transactional ones pass a queue of hours', async () => {
    await accountIs({ perSecond: 10 });
    const rates = ratesOf();
    const marketing = await rates.ask({ ...email, count: 5000 });
    expect(marketing.refused?.reason).toBe('SENDING_RATE');
    expect(marketing.refused?.waitsMs.at(-1)).toBeGreaterThan(500_000);
    const urgent = await rates.ask({ ...email, class: 'transactional', patienceMs: 5000 });
    expect((urgent.slots[0] ?? Number.POSITIVE_INFINITY) - performance.now()).toBeLessThan(1000);
  });

  it('share a daily quota whose last part is for transactional ones', async () => {
    await accountIs({ dayQuota: 100, sentInDay: 98 });
    const rates = ratesOf();
    expect(await rates.ask(email)).toMatchObject({ slots: [], refused: { reason: 'DAILY_QUOTA' } });
    const three = await rates.ask({ ...email, class: 'transactional', count: 3 });
    expect(three.slots).toHaveLength(2);
    expect(three.refused).toMatchObject({ reason: 'DAILY_QUOTA' });
  });
});

describe('the account', () => {
  it('lets go again by itself when SES has room, and what was let go meanwhile counts', async () => {
    await accountIs({ dayQuota: 10, sentInDay: 8 });
    const rates = ratesOf(database.db, { REPOINT_TRANSACTIONAL_RESERVE_PERCENT: '0' });
    expect(lengths(await rates.ask({ ...email, count: 5 }))).toEqual([2, 3]);
    expect(lengths(await rates.ask(email))).toEqual([0, 1]);
    await accountIs({ sentInDay: 4 });
    expect(lengths(await rates.ask(email))).toEqual([1, 0]);
  });

  it('is paused while SES says that it sends nothing', async () => {
    await accountIs({ isSending: false });
    expect(await ratesOf().ask(email)).toMatchObject({ slots: [], refused: { reason: 'SENDING_PAUSED' } });
    await accountIs({ isSending: true });
    expect((await ratesOf().ask(email)).slots).toHaveLength(1);
  });

  it('keeps its last known limits when SES does not tell them, and that it did not', async () => {
    await accountIs({ perSecond: 1 });
    limits = null;
    await accountIs({});
    expect(lengths(await ratesOf().ask({ ...email, count: 5 }))).toEqual([1, 4]);
    const row = await database.db.selectFrom('rate_bucket').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ per_second: 1, failure: 'GetAccount: AccessDeniedException' });
  });

  it('is not paused for ever by a quota that was used up a day before SES stopped to tell it', async () => {
    await accountIs({ dayQuota: 10, sentInDay: 10 });
    expect(lengths(await ratesOf().ask(email))).toEqual([0, 1]);
    await database.db
      .updateTable('rate_bucket')
      .set({ checked_at: new Date(Date.now() - 25 * 3_600_000) })
      .execute();
    expect(lengths(await ratesOf().ask(email))).toEqual([1, 0]);
  });

  it("pauses when SES's refusal says that the day's quota is used up, and slows down at its throttle", async () => {
    await accountIs({ perSecond: 100 });
    const rates = ratesOf();
    await rates.heard('EMAIL', { kind: 'throttled', reason: 'TooManyRequestsException' });
    const row = await database.db.selectFrom('rate_bucket').selectAll().executeTakeFirstOrThrow();
    expect(row.speed).toBe(0.7);
    await rates.heard('EMAIL', {
      kind: 'throttled',
      reason: 'TooManyRequestsException',
      limit: 'DAILY_QUOTA',
    });
    expect((await ratesOf(other).ask(email)).refused).toMatchObject({ reason: 'DAILY_QUOTA' });
  });
});

it('slots that nobody used are for the next who asks', async () => {
  await accountIs({ perSecond: 1 });
  const rates = ratesOf();
  const { slots } = await rates.ask(email);
  rates.giveBack('EMAIL', slots);
  expect((await rates.ask(email)).slots).toEqual(slots);
});

function lengths({ slots, refused }: Permit): [number, number] {
  return [slots.length, refused?.waitsMs.length ?? 0];
}
