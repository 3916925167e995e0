import { type EventFilter, PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { type EntryScene, oneMail, startEntryScene } from '../support/entryScene.ts';
import { day, hour, received } from '../support/onboarding.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const basketLeft: EventFilter = {
  FilterType: 'ENDPOINT',
  Dimensions: {
    EventType: { DimensionType: 'INCLUSIVE', Values: ['basket.left'] },
    Attributes: { shop: { AttributeType: 'INCLUSIVE', Values: ['north', 'south'] } },
    Metrics: { total: { ComparisonOperator: 'GREATER_THAN', Value: 20 } },
  },
};

interface Start {
  readonly restricted?: boolean;
  readonly more?: object;
  readonly whole?: boolean;
}

/** A journey that a basket left behind starts. */
async function start({ restricted = false, more = {}, whole = false }: Start = {}): Promise<EntryScene> {
  return await startEntryScene(world, {
    change: (journey) => ({
      ...(whole ? journey : oneMail(journey)),
      ...more,
      StartCondition: {
        EventStartCondition: {
          EventFilter: basketLeft,
          SegmentId: restricted ? journey.StartCondition?.SegmentStartCondition?.SegmentId : undefined,
        },
      },
    }),
  });
}

const basket = { Attributes: { shop: 'north' }, Metrics: { total: 30 } };

describe('a journey that an event starts', () => {
  it('is entered by whoever causes it, in the transaction of the event', async () => {
    const scene = await start();
    await scene.put('buyer', 'free');
    await world.settle();
    expect(await scene.entries()).toEqual([]);
    await scene.event('buyer', 'basket.left', basket);
    expect(await scene.entries()).toEqual(['buyer event']);
    await world.settle();
    expect(await received(world, 'buyer')).toEqual(['EMAIL WelcomeEmail']);
  });

  it('is entered for its type, attributes and metrics only', async () => {
    const scene = await start();
    await scene.put('picky', 'free');
    await scene.event('picky', 'basket.filled', basket);
    await scene.event('picky', 'basket.left', { ...basket, Attributes: { shop: 'east' } });
    await scene.event('picky', 'basket.left', { ...basket, Metrics: { total: 20 } });
    await scene.event('picky', 'basket.left');
    expect(await scene.entries()).toEqual([]);
    await scene.event('picky', 'basket.left', { ...basket, Attributes: { shop: 'south', size: 'L' } });
    expect(await scene.entries()).toEqual(['picky event']);
  });

  it('is entered once for one event, however often that is told, and by the next when they may enter again', async () => {
    const scene = await start({ more: { Limits: { EndpointReentryCap: 2 } } });
    await scene.put('again', 'free');
    const first = { ...basket, Timestamp: '2026-03-01T10:00:00Z' };
    await scene.event('again', 'basket.left', first);
    await world.settle();
    await scene.event('again', 'basket.left', first);
    expect(await scene.entries()).toEqual(['again event']);
    await scene.event('again', 'basket.left', { ...first, Timestamp: '2026-03-02T10:00:00Z' });
    await world.settle();
    await scene.event('again', 'basket.left', { ...first, Timestamp: '2026-03-03T10:00:00Z' });
    expect(await scene.entries()).toEqual(['again event', 'again event']);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 2, REENTRY_CAP_EXCEEDED: 1 });
  });

  it('is not entered by who is inside', async () => {
    const scene = await start({ whole: true, more: { Limits: { EndpointReentryCap: 0 } } });
    await scene.put('busy', 'free');
    await scene.event('busy', 'basket.left', basket);
    await world.settle();
    await world.advance(hour);
    await scene.event('busy', 'basket.left', basket);
    expect(await scene.entries()).toEqual(['busy event']);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 1, ACTIVE_ENDPOINT_REJECTED: 1 });
  });

  it('is entered by members of its segment only, where it has one', async () => {
    const scene = await start({ restricted: true });
    await scene.put('member', 'premium');
    await scene.put('stranger', 'free');
    await world.settle();
    expect(await scene.entries()).toEqual([]);
    for (const user of ['member', 'stranger']) await scene.event(user, 'basket.left', basket);
    expect(await scene.entries()).toEqual(['member event']);
    await world.settle();
    expect(await received(world, 'member')).toEqual(['EMAIL WelcomeEmail']);
    expect(await scene.counts()).toEqual({
      ENDPOINT_PRODUCED: 2,
      ENDPOINTS_FROM_USER: 1,
      ENDPOINT_ENTERED: 1,
      FILTERED_OUT_BY_SEGMENT: 1,
    });
  });

  it('is not entered by who is opted out, nor while it is paused', async () => {
    const scene = await start();
    await scene.put('silent', 'free', { OptOut: 'ALL' });
    await scene.put('paused', 'free');
    await scene.event('silent', 'basket.left', basket);
    await scene.become('PAUSED');
    await scene.event('paused', 'basket.left', basket);
    await scene.become('ACTIVE');
    await world.settle();
    expect(await scene.entries()).toEqual([]);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_OPT_OUT: 1 });
  });

  it('is entered from its StartTime to its EndTime, in one long run, and complete when the last has left', async () => {
    const now = (await world.now()).getTime();
    const Schedule = { StartTime: new Date(now + day), EndTime: new Date(now + 3 * day) };
    const scene = await start({ more: { Schedule }, whole: true });
    for (const user of ['soon', 'intime', 'late']) await scene.put(user, 'free');
    await scene.event('soon', 'basket.left', basket);
    await world.advance(day + hour);
    await scene.event('intime', 'basket.left', basket);
    await world.settle();
    await world.advance(2 * day);
    await scene.event('late', 'basket.left', basket);
    await world.settle();
    expect(await scene.entries()).toEqual(['intime event']);
    expect(await scene.state()).toBe('CLOSED');
    expect(await scene.runs()).toEqual(['COMPLETED']);
    await world.advance(3 * day);
    expect(await scene.state()).toBe('COMPLETED');
  });

  it('does not take the event that started it for one that its splits wait for', async () => {
    const scene = await startSplit('basket.left');
    for (const user of ['asked', 'asked2']) {
      await scene.put(user, 'free');
      await scene.event(user, 'basket.left', basket);
    }
    await world.settle();
    await world.advance(hour);
    await scene.event('asked2', 'basket.left', basket);
    await world.settle();
    expect(await received(world, 'asked2')).toEqual(['EMAIL WelcomeEmail']);
    await world.advance(day);
    expect(await received(world, 'asked')).toEqual(['EMAIL EngagedFollowUp']);
  });

  it('hears at its first split what came in one request with the event that starts it', async () => {
    const scene = await startSplit('basket.paid');
    for (const user of ['quick', 'quicker']) await scene.put(user, 'free');
    const Timestamp = (await world.now()).toISOString();
    const report = {
      Endpoint: {},
      Events: {
        paid: { EventType: 'basket.paid', Timestamp },
        left: { EventType: 'basket.left', Timestamp, ...basket },
      },
    };
    const BatchItem = { 'quick-email': report, 'quicker-email': report };
    await world.client.send(
      new PutEventsCommand({ ApplicationId: scene.appId, EventsRequest: { BatchItem } }),
    );
    const watches = await world.deps.db
      .selectFrom('event_watch')
      .select((eb) => eb('matched_event', 'is not', null).as('matched'))
      .where('app_id', '=', scene.appId)
      .execute();
    expect(watches).toEqual([{ matched: true }, { matched: true }]);
    await world.settle();
    for (const user of ['quick', 'quicker'])
      expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
  });
});

/** A journey that a basket left behind starts, whose first step waits a day for an event. */
async function startSplit(awaited: string): Promise<EntryScene> {
  const event = {
    Dimensions: { EventType: { DimensionType: 'INCLUSIVE' as const, Values: [awaited] } },
  };
  const split = {
    Condition: { Operator: 'ALL' as const, Conditions: [{ EventCondition: event }] },
    EvaluationWaitTime: { WaitFor: 'P1D' },
    TrueActivity: 'WelcomeEmail',
    FalseActivity: 'EngagedFollowUp',
  };
  return await startEntryScene(world, {
    change: (journey) => ({
      ...oneMail(journey),
      StartActivity: 'Again',
      Activities: {
        ...oneMail(journey).Activities,
        Again: { ConditionalSplit: split },
        EngagedFollowUp: journey.Activities?.EngagedFollowUp ?? {},
      },
      StartCondition: { EventStartCondition: { EventFilter: basketLeft } },
    }),
  });
}
