import {
  CreateJourneyCommand,
  CreateSmsTemplateCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costOf } from '../support/journeyCost.ts';
import { createTemplates, day, hour, type Onboarding, setUpOnboarding } from '../support/onboarding.ts';
import { startWorld, type World } from '../support/world.ts';

const newYork = 'America/New_York';
const nights = { Start: '22:00', End: '07:59' };

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await createTemplates(world);
  await world.client.send(
    new CreateSmsTemplateCommand({ TemplateName: 'sms', SMSTemplateRequest: { Body: 'Hello' } }),
  );
});
afterAll(() => world.close());

/** Lets time pass until a wall clock shows a time. */
async function goTo(time: string, zone: string): Promise<void> {
  const now = DateTime.fromMillis((await world.now()).getTime(), { zone });
  const [hour, minute] = time.split(':').map(Number);
  const today = now.set({ hour, minute, second: 0, millisecond: 0 });
  const target = today > now ? today : today.plus({ days: 1 });
  await world.advance(target.toMillis() - now.toMillis());
}

async function setUp(): Promise<Onboarding> {
  const onboarding = await setUpOnboarding(world);
  await world.client.send(
    new UpdateSmsChannelCommand({ ApplicationId: onboarding.appId, SMSChannelRequest: { Enabled: true } }),
  );
  return onboarding;
}

/** Publishes a journey of one e-mail, and an SMS after it, with the members that a test is about. */
async function publish(
  { appId, segmentId }: Onboarding,
  members: Partial<WriteJourneyRequest>,
): Promise<string> {
  const created = await world.client.send(
    new CreateJourneyCommand({
      ApplicationId: appId,
      WriteJourneyRequest: {
        Name: 'Times',
        State: 'ACTIVE',
        StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
        StartActivity: 'Mail',
        Activities: { Mail: { EMAIL: { TemplateName: 'welcome-email-template' } } },
        ...members,
      },
    }),
  );
  return created.JourneyResponse?.Id ?? '';
}

interface Person {
  readonly zone?: string;
  readonly channel?: 'EMAIL' | 'SMS';
  readonly user?: string;
}

async function put(appId: string, id: string, { zone, channel = 'EMAIL', user }: Person = {}): Promise<void> {
  await world.client.send(
    new UpdateEndpointCommand({
      ApplicationId: appId,
      EndpointId: id,
      EndpointRequest: {
        ChannelType: channel,
        Address: channel === 'EMAIL' ? `${id}@example.com` : `+1202555${String(id.length).padStart(4, '0')}`,
        OptOut: 'NONE',
        Demographic: zone === undefined ? {} : { Timezone: zone },
        User: { UserId: user ?? id, UserAttributes: { Plan: ['premium'] } },
      },
    }),
  );
}

/** When each message to an endpoint left, on a wall clock. */
async function sentTo(id: string, zone = newYork): Promise<string[]> {
  const messages = await world.mailbox.messages();
  return messages
    .filter((message) => message.endpointId === id)
    .map(({ sentAt }) => DateTime.fromISO(String(sentAt), { zone }).toFormat('HH:mm'));
}

async function stepOf(journeyId: string, user: string) {
  return await world.deps.db
    .selectFrom('journey_step')
    .innerJoin('journey_entry', 'journey_entry.id', 'journey_step.entry_id')
    .select(['journey_step.step', 'journey_step.decision', 'journey_step.reason'])
    .where('journey_id', '=', journeyId)
    .where('user_id', '=', user)
    .orderBy('seq')
    .execute();
}

/** When messages to an endpoint were accepted, to the minute. */
async function acceptedAt(endpoint: string): Promise<(string | undefined)[]> {
  const rows = await world.deps.db
    .selectFrom('message')
    .select('accepted_at')
    .where('endpoint_id', '=', endpoint)
    .orderBy('owner')
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.accepted_at?.toISOString().slice(0, 16));
}

/** A time of today, to the minute in UTC. */
async function at(time: string, zone: string): Promise<string | undefined> {
  const now = DateTime.fromMillis((await world.now()).getTime(), { zone });
  const [hour, minute] = time.split(':').map(Number);
  return now.set({ hour, minute }).toUTC().toISO()?.slice(0, 16);
}

describe('quiet time', () => {
  it('holds a message until it is over where the participant is, and sends it then, once', async () => {
    const onboarding = await setUp();
    const journeyId = await publish(onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('23:30', newYork);
    await put(onboarding.appId, 'held', { zone: newYork });
    await put(onboarding.appId, 'awake', { zone: 'Asia/Kathmandu' });
    await world.settle();
    expect(await sentTo('held')).toEqual([]);
    expect(await sentTo('awake')).toHaveLength(1);
    await goTo('07:59', newYork);
    expect(await sentTo('held')).toEqual([]);
    await world.advance(2 * 60_000);
    expect(await acceptedAt('held')).toEqual([await at('08:00', newYork)]);
    await world.advance(2 * day);
    expect(await sentTo('held')).toHaveLength(1);
    expect(await stepOf(journeyId, 'held')).toEqual([
      { step: 'Mail', decision: 'sent', reason: 'QUIET_TIME_WAIT_FINISHED' },
    ]);
  });

  it('drops the message without WaitForQuietTime, and the participant goes on', async () => {
    const onboarding = await setUp();
    const journeyId = await publish(onboarding, {
      QuietTime: nights,
      Activities: {
        Mail: { EMAIL: { TemplateName: 'welcome-email-template', NextActivity: 'Wait' } },
        Wait: { Wait: { WaitTime: { WaitFor: 'PT12H' }, NextActivity: 'Later' } },
        Later: { EMAIL: { TemplateName: 'welcome-email-template' } },
      },
    });
    await goTo('23:30', newYork);
    await put(onboarding.appId, 'dropped', { zone: newYork });
    await world.advance(day);
    expect(
      (await world.mailbox.messages()).filter(({ endpointId }) => endpointId === 'dropped'),
    ).toMatchObject([{ activityId: 'Later' }]);
    expect(await stepOf(journeyId, 'dropped')).toEqual([
      { step: 'Mail', decision: 'skipped', reason: 'QUIET_TIME' },
      { step: 'Wait', decision: 'passed', reason: null },
      { step: 'Later', decision: 'sent', reason: null },
    ]);
  });

  it('keeps nobody waiting whose zone is unknown', async () => {
    const onboarding = await setUp();
    await publish(onboarding, { QuietTime: { Start: '00:00', End: '23:59' }, WaitForQuietTime: true });
    await put(onboarding.appId, 'nowhere');
    await world.settle();
    expect(await sentTo('nowhere')).toHaveLength(1);
  });

  it('knows the zone from the phone number where the journey says so', async () => {
    const onboarding = await setUp();
    await publish(onboarding, {
      QuietTime: nights,
      WaitForQuietTime: true,
      TimezoneEstimationMethods: ['PHONE_NUMBER'],
      Activities: { Mail: { SMS: { TemplateName: 'sms' } } },
    });
    await goTo('23:30', newYork);
    await put(onboarding.appId, 'phone', { channel: 'SMS' });
    await world.advance(hour);
    expect(await sentTo('phone')).toEqual([]);
    await goTo('09:00', newYork);
    expect(await acceptedAt('phone')).toEqual([await at('08:00', newYork)]);
  });

  it("judges each of a user's endpoints by itself: one goes now, the other at its time, nobody twice", async () => {
    const onboarding = await setUp();
    const journeyId = await publish(onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('23:30', newYork);
    const { appId } = onboarding;
    await put(appId, 'home', { zone: newYork, user: 'two' });
    await put(appId, 'office', { zone: 'Europe/Berlin', user: 'two' });
    await put(appId, 'away', { zone: 'Asia/Tokyo', user: 'two' });
    await world.settle();
    // 05:30 in Berlin, 13:30 in Tokyo
    expect(
      [await sentTo('home'), await sentTo('office'), await sentTo('away')].map((sent) => sent.length),
    ).toEqual([0, 0, 1]);
    const officeOpens = await at('08:00', 'Europe/Berlin');
    await world.advance(day);
    expect(await acceptedAt('office')).toEqual([officeOpens]);
    expect(await sentTo('home')).toHaveLength(1);
    expect(await sentTo('office')).toHaveLength(1);
    expect(await sentTo('away')).toHaveLength(1);
    expect(await stepOf(journeyId, 'two')).toEqual([
      { step: 'Mail', decision: 'sent', reason: 'QUIET_TIME_WAIT_FINISHED' },
    ]);
  });

  it('judges the person anew when it is over: who opted out overnight gets nothing', async () => {
    const onboarding = await setUp();
    const journeyId = await publish(onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('23:30', newYork);
    await put(onboarding.appId, 'leaving', { zone: newYork });
    await world.settle();
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: onboarding.appId,
        EndpointId: 'leaving',
        EndpointRequest: { OptOut: 'ALL' },
      }),
    );
    await world.advance(day);
    expect(await sentTo('leaving')).toEqual([]);
    expect(await stepOf(journeyId, 'leaving')).toEqual([
      { step: 'Mail', decision: 'skipped', reason: 'ENDPOINT_OPT_OUT' },
    ]);
  });

  it('costs a held message at most 11 events and 2 actions more', async () => {
    const onboarding = await setUp();
    await publish(onboarding, { QuietTime: nights, WaitForQuietTime: true });
    await goTo('12:00', newYork);
    await put(onboarding.appId, 'noon-email', { zone: newYork });
    await goTo('23:30', newYork);
    await put(onboarding.appId, 'night-email', { zone: newYork });
    await world.advance(day);
    expect(await sentTo('night-email')).toHaveLength(1);
    const [noon, night] = [await costOf(world, 'noon'), await costOf(world, 'night')];
    expect(night.actions - noon.actions).toBeLessThanOrEqual(2);
    expect(night.events - noon.events).toBeLessThanOrEqual(11);
  });
});
