import {
  DeleteEndpointCommand,
  DeleteUserEndpointsCommand,
  PutEventsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { amplifyEvent } from '../support/amplify.ts';
import {
  day,
  hour,
  play,
  publishOnboarding,
  putUser,
  received,
  setUpOnboarding,
} from '../support/onboarding.ts';
import { enterTutorial, useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const enter = (user: string) => enterTutorial(world, user);

async function put(appId: string, EndpointId: string, EndpointRequest: object): Promise<void> {
  await world.client.send(new UpdateEndpointCommand({ ApplicationId: appId, EndpointId, EndpointRequest }));
}

async function entriesOf(appId: string) {
  return await world.deps.db
    .selectFrom('journey_entry')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('id')
    .execute();
}

async function stepsOf(appId: string): Promise<string[]> {
  const steps = await world.deps.db
    .selectFrom('journey_step')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('seq')
    .execute();
  return steps.map((step) => `${step.step} ${step.decision}${step.reason ? ` ${step.reason}` : ''}`);
}

describe('people who change in the middle of a journey', () => {
  it('enters a user with two devices once and sends the push to both, each address once', async () => {
    const onboarding = await setUpOnboarding(world);
    await publishOnboarding(world, onboarding);
    await putUser(world, onboarding.appId, 'devices');
    await put(onboarding.appId, 'devices-ipad', {
      Address: 'devices-ipad-token',
      ChannelType: 'APNS',
      User: { UserId: 'devices' },
    });
    await world.settle();
    await world.advance(5 * day);
    expect((await received(world, 'devices')).sort()).toEqual([
      'EMAIL WelcomeEmail',
      'PUSH ReengagePush',
      'PUSH ReengagePush',
    ]);
    const messages = (await world.mailbox.messages()).filter((message) =>
      message.endpointId?.startsWith('devices-i'),
    );
    expect(new Set(messages.map((message) => message.to)).size).toBe(2);
    expect(await entriesOf(onboarding.appId)).toHaveLength(1);
  });

  it('sends nothing to a phone that was opted out in the meantime, and says so', async () => {
    const { appId } = await enter('optout');
    await put(appId, 'optout-iphone', { OptOut: 'ALL' });
    await world.advance(5 * day);
    expect(await received(world, 'optout')).toEqual(['EMAIL WelcomeEmail']);
    expect((await stepsOf(appId)).at(-1)).toBe('ReengagePush skipped ENDPOINT_OPT_OUT');
  });

  it('goes on with the phone when the e-mail endpoint it entered by is deleted', async () => {
    const { appId } = await enter('partly');
    await world.client.send(new DeleteEndpointCommand({ ApplicationId: appId, EndpointId: 'partly-email' }));
    await world.advance(5 * day);
    const [entry] = await entriesOf(appId);
    expect(entry?.end_reason).toBe('COMPLETED');
    const pushes = (await world.mailbox.messages()).filter(
      (message) => message.endpointId === 'partly-iphone',
    );
    expect(pushes).toHaveLength(1);
  });

  it('sends nothing more to who was deleted, and keeps no row of theirs', async () => {
    const { appId } = await enter('gone');
    await world.client.send(new DeleteUserEndpointsCommand({ ApplicationId: appId, UserId: 'gone' }));
    const { db } = world.deps;
    for (const table of [
      'endpoint',
      'app_user',
      'journey_entry',
      'journey_member',
      'message',
      'event',
    ] as const) {
      expect(
        await db.selectFrom(table).select('app_id').where('app_id', '=', appId).execute(),
        table,
      ).toEqual([]);
    }
    await world.advance(5 * day);
    expect(await received(world, 'gone')).toEqual(['EMAIL WelcomeEmail']);
  });

  it('moves an entry along when its endpoint signs in, and an open still counts', async () => {
    const onboarding = await setUpOnboarding(world);
    await publishOnboarding(world, onboarding, (journey) => ({
      ...journey,
      StartCondition: { SegmentStartCondition: { SegmentId: onboarding.segmentId } },
    }));
    await putUser(world, onboarding.appId, 'before');
    await world.settle();
    const attributes = { Plan: ['premium'] };
    await put(onboarding.appId, 'before-email', { User: { UserId: 'after', UserAttributes: attributes } });
    await world.settle();
    await world.advance(day);
    await play(world, 'WelcomeEmail', 'open', 'before');
    await world.advance(5 * day);
    const entries = await entriesOf(onboarding.appId);
    const moved = entries.find((entry) => entry.endpoint_id === 'before-email');
    expect(moved).toMatchObject({ participant: 'u:after', user_id: 'after', end_reason: 'COMPLETED' });
    expect(await received(world, 'before')).toContain('EMAIL EngagedFollowUp');
  });

  it('ends the newer passage when two participants turn out to be one user', async () => {
    const { appId } = await enter('older');
    await put(appId, 'newer-email', {
      Address: 'newer@example.com',
      ChannelType: 'EMAIL',
      User: { UserId: 'newer', UserAttributes: { Plan: ['premium'] } },
    });
    await world.settle();
    await put(appId, 'newer-email', { User: { UserId: 'older' } });
    await world.advance(10 * day);
    const reasons = (await entriesOf(appId)).map((entry) => entry.end_reason);
    expect(reasons.sort()).toEqual(['COMPLETED', 'DUPLICATE_USER']);
    const pushes = (await world.mailbox.messages()).filter(
      (message) => message.endpointId === 'older-iphone',
    );
    expect(pushes).toHaveLength(1);
  });

  it('takes a phone’s report of an opened push for the message of that step, by Amplify with the ids that reached it', async () => {
    const { appId, journeyId } = await enter('report');
    await world.advance(5 * day);
    const push = (await world.mailbox.messages()).find(({ endpointId }) => endpointId === 'report-iphone');
    const reported = amplifyEvent(JSON.parse(push?.payload ?? '').data);
    expect(reported?.name).toBe('_journey.opened_notification');
    const byHand = { journey_id: journeyId, journey_activity_id: 'ReengagePush' };
    expect(reported?.attributes).toMatchObject(byHand);
    const event = (Attributes: Record<string, string> = {}) => ({
      EventType: '_journey.opened_notification',
      Timestamp: new Date().toISOString(),
      Attributes,
    });
    const Events = {
      amplify: event(reported?.attributes),
      own: event(byHand),
      other: event({ journey_id: 'x' }),
    };
    const BatchItem = { 'report-iphone': { Endpoint: {}, Events } };
    await world.client.send(new PutEventsCommand({ ApplicationId: appId, EventsRequest: { BatchItem } }));
    const events = await world.deps.db
      .selectFrom('event')
      .select(['event_id', 'message_owner'])
      .where('app_id', '=', appId)
      .where('type', '=', '_journey.opened_notification')
      .orderBy('event_id')
      .execute();
    const [entry] = await entriesOf(appId);
    expect(events.map((one) => [one.event_id, one.message_owner])).toEqual([
      ['amplify', entry?.id],
      ['other', null],
      ['own', entry?.id],
    ]);
  });

  it('lets an event for nobody cost no call to Temporal', async () => {
    const { appId } = await enter('quiet');
    const { db } = world.deps;
    await world.client.send(
      new PutEventsCommand({
        ApplicationId: appId,
        EventsRequest: {
          BatchItem: {
            'quiet-iphone': {
              Endpoint: {},
              Events: {
                event1: { EventType: 'feature_used', Timestamp: '2026-02-12T10:30:00Z' },
                event2: { EventType: '_email.open', Timestamp: '2026-02-12T10:30:00Z' },
              },
            },
          },
        },
      }),
    );
    expect(await db.selectFrom('event').select('type').where('app_id', '=', appId).execute()).toHaveLength(3);
    expect(await db.selectFrom('outbox').selectAll().where('app_id', '=', appId).execute()).toEqual([]);
    expect(await db.selectFrom('dirty_endpoint').selectAll().where('app_id', '=', appId).execute()).toEqual(
      [],
    );
  });

  it('waits a minute for an endpoint on the channel of the first message', async () => {
    const onboarding = await setUpOnboarding(world);
    await publishOnboarding(world, onboarding);
    const User = { UserId: 'second', UserAttributes: { Plan: ['premium'] } };
    await put(onboarding.appId, 'second-iphone', { Address: 'second-token', ChannelType: 'APNS', User });
    await world.settle();
    await world.advance(20_000);
    await put(onboarding.appId, 'second-email', {
      Address: 'second@example.com',
      ChannelType: 'EMAIL',
      User,
    });
    await world.advance(hour);
    expect(await received(world, 'second')).toEqual(['EMAIL WelcomeEmail']);
  });
});
