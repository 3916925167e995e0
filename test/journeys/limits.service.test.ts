import { UpdateApplicationSettingsCommand } from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTrace } from '../../src/db/journeys/trace.ts';
import { readSending } from '../../src/sending/rates/sendingStatus.ts';
import { createMailTemplates, mail, publish, put, received, setUp, stepOf } from '../support/mailJourney.ts';
import { day } from '../support/onboarding.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
beforeAll(() => createMailTemplates(world));

/** Three e-mails: at once, an hour later, and a day and an hour after the first. */
const threeMails = {
  Mail: mail('Hour'),
  Hour: { Wait: { WaitTime: { WaitFor: 'PT1H' }, NextActivity: 'Second' } },
  Second: mail('Day'),
  Day: { Wait: { WaitTime: { WaitFor: 'PT24H' }, NextActivity: 'Third' } },
  Third: mail(),
};

async function messageSteps(journeyId: string, user: string): Promise<string[]> {
  const steps = await stepOf(world, journeyId, user);
  return steps
    .filter(({ step }) => step in threeMails && step !== 'Hour' && step !== 'Day')
    .map(({ step, decision, reason }) => `${step} ${decision}${reason === null ? '' : ` ${reason}`}`);
}

describe('a cap', () => {
  it('of a day suppresses a message within 24 hours of the last, and the participant goes on', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { Limits: { DailyCap: 1 }, Activities: threeMails });
    await put(world, onboarding.appId, 'daily');
    await world.advance(2 * day);
    expect(await messageSteps(journeyId, 'daily')).toEqual([
      'Mail sent',
      'Second skipped DAILY_CAP',
      'Third sent',
    ]);
    expect(await received(world, 'daily')).toBe(2);
  });

  it('of the whole journey lasts', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { Limits: { TotalCap: 1 }, Activities: threeMails });
    await put(world, onboarding.appId, 'total');
    await world.advance(2 * day);
    expect(await messageSteps(journeyId, 'total')).toEqual([
      'Mail sent',
      'Second skipped TOTAL_CAP',
      'Third skipped TOTAL_CAP',
    ]);
  });

  it('counts every endpoint of a user: the second of two gets nothing when there is one place', async () => {
    const onboarding = await setUp(world);
    await publish(world, onboarding, { Limits: { TotalCap: 1 } });
    await put(world, onboarding.appId, 'one', { user: 'both' });
    await put(world, onboarding.appId, 'two', { user: 'both' });
    await world.settle();
    expect((await received(world, 'one')) + (await received(world, 'two'))).toBe(1);
  });

  it('over all journeys is never overshot by two journeys at the same moment', async () => {
    const onboarding = await setUp(world);
    const Limits = { TimeframeCap: { Cap: 1, Days: 2 } };
    const journeys = [
      await publish(world, onboarding, { Limits }),
      await publish(world, onboarding, { Limits }),
      await publish(world, onboarding, { Limits }),
    ];
    const users = Array.from({ length: 8 }, (_, index) => `crowd${index}`);
    await Promise.all(users.map((user) => put(world, onboarding.appId, user)));
    await world.settle();
    for (const user of users) {
      expect(await received(world, user), user).toBe(1);
      const steps = (await Promise.all(journeys.map((id) => stepOf(world, id, user)))).flat();
      expect(steps.map(({ reason }) => reason).sort()).toEqual(['TIMEFRAME_CAP', 'TIMEFRAME_CAP', null]);
    }
  });

  it('rolls: a message of another journey counts for as many days as it says', async () => {
    const onboarding = await setUp(world);
    await publish(world, onboarding, {});
    await put(world, onboarding.appId, 'rolling');
    await world.advance(day);
    const Limits = { TimeframeCap: { Cap: 1, Days: 2 } };
    const within = await publish(world, onboarding, { Limits });
    await world.settle();
    expect(await messageSteps(within, 'rolling')).toEqual(['Mail skipped TIMEFRAME_CAP']);
    await world.advance(day);
    const after = await publish(world, onboarding, { Limits });
    await world.settle();
    expect(await messageSteps(after, 'rolling')).toEqual(['Mail sent']);
  });

  it('keeps the place of a message that its provider put off', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { Limits: { DailyCap: 1 } });
    const [message] = await Promise.all([world.mailbox.messages()]);
    const before = message.length;
    world.mailbox.inject(({ number }) =>
      number === 1 ? { kind: 'status', status: 429, code: 'Throttling' } : undefined,
    );
    await put(world, onboarding.appId, 'putoff');
    await world.advance(60_000);
    world.mailbox.inject(() => undefined);
    expect(await messageSteps(journeyId, 'putoff')).toEqual(['Mail sent']);
    expect(await world.mailbox.messages()).toHaveLength(before + 1);
  });
});

describe("an application's settings", () => {
  it('are the defaults of the journeys that are created afterwards, whose own limits win', async () => {
    const onboarding = await setUp(world);
    const { appId } = onboarding;
    const earlier = await publish(world, onboarding, { Activities: threeMails });
    await world.client.send(
      new UpdateApplicationSettingsCommand({
        ApplicationId: appId,
        WriteApplicationSettingsRequest: {
          JourneyLimits: { TotalCap: 1 },
          QuietTime: { Start: '00:00', End: '23:59' },
        },
      }),
    );
    const later = await publish(world, onboarding, { Activities: threeMails });
    const own = await publish(world, onboarding, { Activities: threeMails, Limits: { TotalCap: 2 } });
    await put(world, appId, 'default');
    await put(world, appId, 'quiet', { zone: 'Europe/Berlin' });
    await world.advance(2 * day);
    expect(await messageSteps(earlier, 'quiet')).toEqual(['Mail sent', 'Second sent', 'Third sent']);
    expect(await messageSteps(later, 'quiet')).toContain('Mail skipped QUIET_TIME');
    expect(await messageSteps(earlier, 'default')).toHaveLength(3);
    expect(await messageSteps(later, 'default')).toEqual([
      'Mail sent',
      'Second skipped TOTAL_CAP',
      'Third skipped TOTAL_CAP',
    ]);
    expect(await messageSteps(own, 'default')).toEqual([
      'Mail sent',
      'Second sent',
      'Third skipped TOTAL_CAP',
    ]);
  });
});

describe('a journey with MessagesPerSecond', () => {
  it('sends none before its turn at that pace, and everybody gets it once', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { Limits: { MessagesPerSecond: 2 } });
    const users = Array.from({ length: 9 }, (_, index) => `paced${index}`);
    await Promise.all(users.map((user) => put(world, onboarding.appId, user)));
    await world.advance(60_000);
    for (const user of users) expect(await received(world, user), user).toBe(1);
    const sent = await world.deps.db
      .selectFrom('message')
      .select('accepted_at')
      .where('journey_id', '=', journeyId)
      .execute();
    const { entered } = await world.deps.db
      .selectFrom('journey_entry')
      .select((eb) => eb.fn.min('entered_at').as('entered'))
      .where('journey_id', '=', journeyId)
      .executeTakeFirstOrThrow();
    // the first turn is asked for after the first entry
    const from = Math.floor(entered.getTime() / 1000) * 1000;
    const after = sent.map(({ accepted_at }) => (accepted_at?.getTime() ?? 0) - from).sort((a, b) => a - b);
    // turns are of whole seconds; a busy machine makes calls late, never early
    for (const [place, milliseconds] of after.entries()) {
      expect(milliseconds, `${place + 1} messages`).toBeGreaterThanOrEqual(Math.floor(place / 2) * 1000);
    }
    expect(after.at(-1)).toBeLessThan(60_000);
  });
});

describe("the provider's daily quota", () => {
  it('holds people for DAILY_QUOTA, visibly, and lets them go by itself when the provider has room again', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, {});
    const quota = async (Max24HourSend: number) => {
      await world.mailbox.setAccount({ Max24HourSend });
      await world.deps.db.updateTable('rate_bucket').set({ checked_at: null }).execute();
      await world.deps.rates.refresh();
    };
    await quota(1);
    for (const user of ['quota1', 'quota2', 'quota3']) await put(world, onboarding.appId, user);
    await world.advance(60_000);
    const held = world.deps.db
      .selectFrom('message')
      .select(['held_for', 'held_until', 'attempt'])
      .where('journey_id', '=', journeyId)
      .where('state', '=', 'queued');
    expect(await held.execute()).toMatchObject([
      { held_for: 'DAILY_QUOTA', attempt: 0 },
      { held_for: 'DAILY_QUOTA', attempt: 0 },
    ]);
    const channels = await readSending(world.deps);
    expect(channels.find(({ Channel }) => Channel === 'EMAIL')).toMatchObject({
      PausedFor: 'DAILY_QUOTA',
      SentLast24Hours: 1,
      Held: { DAILY_QUOTA: 2 },
    });
    const traces = await Promise.all(
      ['quota1', 'quota2', 'quota3'].map((user) =>
        readTrace(world.deps.db, onboarding.appId, journeyId, `u:${user}`),
      ),
    );
    expect(traces.flatMap(({ Entries }) => Entries.flatMap(({ Held }) => Held))).toMatchObject([
      { Step: 'Mail', For: 'DAILY_QUOTA' },
      { Step: 'Mail', For: 'DAILY_QUOTA' },
    ]);
    await quota(-1);
    await world.settle();
    for (const user of ['quota1', 'quota2', 'quota3']) expect(await received(world, user), user).toBe(1);
    expect(await held.execute()).toEqual([]);
  });
});
