import { UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { DateTime } from 'luxon';
import { beforeAll, describe, expect, it } from 'vitest';
import { costOf } from '../support/journeyCost.ts';
import {
  acceptedAt,
  createMailTemplates,
  publish,
  put,
  received,
  setUp,
  stepOf,
} from '../support/mailJourney.ts';
import { day, hour } from '../support/onboarding.ts';
import { useWorld } from '../support/world.ts';

const newYork = 'America/New_York';
const nights = { Start: '22:00', End: '07:59' };

const world = useWorld();
beforeAll(() => createMailTemplates(world));

/** Today's time on a wall clock. */
async function today(time: string, zone: string): Promise<DateTime> {
  const now = DateTime.fromMillis((await world.now()).getTime(), { zone });
  const [hour, minute] = time.split(':').map(Number);
  return now.set({ hour, minute, second: 0, millisecond: 0 });
}

/** Lets time pass until a wall clock shows a time. */
async function goTo(time: string, zone: string): Promise<void> {
  const now = (await world.now()).getTime();
  const target = await today(time, zone);
  const next = target.toMillis() > now ? target : target.plus({ days: 1 });
  await world.advance(next.toMillis() - now);
}

/** A time of today, to the minute in UTC. */
async function at(time: string, zone: string): Promise<string> {
  return (await today(time, zone)).toUTC().toFormat("yyyy-MM-dd'T'HH:mm");
}

describe('quiet time', () => {
  it('holds a message until it is over where the participant is, and sends it then, once', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('23:30', newYork);
    await put(world, onboarding.appId, 'held', { zone: newYork });
    await put(world, onboarding.appId, 'awake', { zone: 'Asia/Kathmandu' });
    await world.settle();
    expect(await received(world, 'held')).toBe(0);
    expect(await received(world, 'awake')).toBe(1);
    await goTo('07:59', newYork);
    expect(await received(world, 'held')).toBe(0);
    await world.advance(2 * 60_000);
    expect(await acceptedAt(world, 'held')).toEqual([await at('08:00', newYork)]);
    await world.advance(2 * day);
    expect(await received(world, 'held')).toBe(1);
    expect(await stepOf(world, journeyId, 'held')).toEqual([
      { step: 'Mail', decision: 'sent', reason: 'QUIET_TIME_WAIT_FINISHED' },
    ]);
  });

  it('drops the message without WaitForQuietTime, and the participant goes on', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, {
      QuietTime: nights,
      Activities: {
        Mail: { EMAIL: { TemplateName: 'welcome-email-template', NextActivity: 'Wait' } },
        Wait: { Wait: { WaitTime: { WaitFor: 'PT12H' }, NextActivity: 'Later' } },
        Later: { EMAIL: { TemplateName: 'welcome-email-template' } },
      },
    });
    await goTo('23:30', newYork);
    await put(world, onboarding.appId, 'dropped', { zone: newYork });
    await world.advance(day);
    expect(
      (await world.mailbox.messages()).filter(({ endpointId }) => endpointId === 'dropped'),
    ).toMatchObject([{ activityId: 'Later' }]);
    expect(await stepOf(world, journeyId, 'dropped')).toEqual([
      { step: 'Mail', decision: 'skipped', reason: 'QUIET_TIME' },
      { step: 'Wait', decision: 'passed', reason: null },
      { step: 'Later', decision: 'sent', reason: null },
    ]);
  });

  it('keeps nobody waiting whose zone is unknown', async () => {
    const onboarding = await setUp(world);
    await publish(world, onboarding, { QuietTime: { Start: '00:00', End: '23:59' }, WaitForQuietTime: true });
    await put(world, onboarding.appId, 'nowhere');
    await world.settle();
    expect(await received(world, 'nowhere')).toBe(1);
  });

  it('knows the zone from the phone number where the journey says so', async () => {
    const onboarding = await setUp(world);
    await publish(world, onboarding, {
      QuietTime: nights,
      WaitForQuietTime: true,
      TimezoneEstimationMethods: ['PHONE_NUMBER'],
      Activities: { Mail: { SMS: { TemplateName: 'sms' } } },
    });
    await goTo('23:30', newYork);
    await put(world, onboarding.appId, 'phone', { channel: 'SMS' });
    await world.advance(hour);
    expect(await received(world, 'phone')).toBe(0);
    await goTo('09:00', newYork);
    expect(await acceptedAt(world, 'phone')).toEqual([await at('08:00', newYork)]);
  });

  it("judges each of a user's endpoints by itself: one goes now, the other at its time, nobody twice", async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('23:30', newYork);
    const { appId } = onboarding;
    await put(world, appId, 'home', { zone: newYork, user: 'two' });
    await put(world, appId, 'office', { zone: 'Europe/Berlin', user: 'two' });
    await put(world, appId, 'away', { zone: 'Asia/Tokyo', user: 'two' });
    await world.settle();
    // 05:30 in Berlin, 13:30 in Tokyo
    expect([
      await received(world, 'home'),
      await received(world, 'office'),
      await received(world, 'away'),
    ]).toEqual([0, 0, 1]);
    const officeOpens = await at('08:00', 'Europe/Berlin');
    await world.advance(day);
    expect(await acceptedAt(world, 'office')).toEqual([officeOpens]);
    expect(await received(world, 'home')).toBe(1);
    expect(await received(world, 'office')).toBe(1);
    expect(await received(world, 'away')).toBe(1);
    expect(await stepOf(world, journeyId, 'two')).toEqual([
      { step: 'Mail', decision: 'sent', reason: 'QUIET_TIME_WAIT_FINISHED' },
    ]);
  });

  it('judges the person anew when it is over: who opted out overnight gets nothing', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('23:30', newYork);
    await put(world, onboarding.appId, 'leaving', { zone: newYork });
    await world.settle();
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: onboarding.appId,
        EndpointId: 'leaving',
        EndpointRequest: { OptOut: 'ALL' },
      }),
    );
    await world.advance(day);
    expect(await received(world, 'leaving')).toBe(0);
    expect(await stepOf(world, journeyId, 'leaving')).toEqual([
      { step: 'Mail', decision: 'skipped', reason: 'ENDPOINT_OPT_OUT' },
    ]);
  });

  it('costs a held message at most 11 events and 2 actions more', async () => {
    const onboarding = await setUp(world);
    await publish(world, onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('12:00', newYork);
    await put(world, onboarding.appId, 'noon-email', { zone: newYork });
    await goTo('23:30', newYork);
    await put(world, onboarding.appId, 'night-email', { zone: newYork });
    await world.advance(day);
    expect(await received(world, 'night-email')).toBe(1);
    const [noon, night] = [await costOf(world, 'noon'), await costOf(world, 'night')];
    expect(night.actions - noon.actions).toBeLessThanOrEqual(2);
    expect(night.events - noon.events).toBeLessThanOrEqual(11);
  });
});

describe('a sending schedule', () => {
  const shopHours = [{ StartTime: '09:00', EndTime: '17:00' }];
  const OpenHours = {
    EMAIL: Object.fromEntries(
      ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((name) => [
        name,
        shopHours,
      ]),
    ),
  };

  it('opens a channel at its hours and leaves the others alone', async () => {
    const onboarding = await setUp(world);
    const members = { SendingSchedule: true, OpenHours, QuietTime: {}, WaitForQuietTime: true };
    await publish(world, onboarding, members);
    await publish(world, onboarding, { ...members, Activities: { Mail: { SMS: { TemplateName: 'sms' } } } });
    await goTo('20:00', newYork);
    await put(world, onboarding.appId, 'shop-mail', { zone: newYork, user: 'shopper' });
    await put(world, onboarding.appId, 'shop-text', { zone: newYork, user: 'shopper', channel: 'SMS' });
    await world.settle();
    expect(await received(world, 'shop-text')).toBe(1);
    expect(await received(world, 'shop-mail')).toBe(0);
    await goTo('12:00', newYork);
    expect(await acceptedAt(world, 'shop-mail')).toEqual([await at('09:00', newYork)]);
  });

  it('is closed on closed days, where the participant is', async () => {
    const onboarding = await setUp(world);
    await goTo('10:00', newYork);
    const local = DateTime.fromMillis((await world.now()).getTime(), { zone: newYork });
    const date = local.toFormat('yyyy-MM-dd');
    await publish(world, onboarding, {
      SendingSchedule: true,
      OpenHours,
      ClosedDays: { EMAIL: [{ Name: 'Today', StartDateTime: date, EndDateTime: date }] },
      WaitForQuietTime: true,
    });
    await put(world, onboarding.appId, 'closed', { zone: newYork });
    await world.advance(day - hour);
    expect(await acceptedAt(world, 'closed')).toEqual([await at('09:00', newYork)]);
  });

  it('drops what can never be sent, and says so', async () => {
    const onboarding = await setUp(world);
    const journeyId = await publish(world, onboarding, {
      SendingSchedule: true,
      OpenHours: { EMAIL: { MONDAY: [] } },
      WaitForQuietTime: true,
    });
    await put(world, onboarding.appId, 'never', { zone: newYork });
    await world.settle();
    expect(await stepOf(world, journeyId, 'never')).toEqual([
      { step: 'Mail', decision: 'skipped', reason: 'NO_ALLOWED_TIME' },
    ]);
  });
});
