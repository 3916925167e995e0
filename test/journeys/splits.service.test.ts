import { DeleteSegmentCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { day, hour, play, received } from '../support/onboarding.ts';
import {
  enter,
  ofWelcome,
  publishSteps,
  push,
  putEvent,
  recorded,
  wakesOf,
  welcome,
} from '../support/splits.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const aDay = { EvaluationWaitTime: { WaitFor: 'P1D' } };

describe('a MultiCondition', () => {
  const steps = {
    Welcome: welcome('Check'),
    Check: {
      MultiCondition: {
        Branches: [
          { Condition: ofWelcome('_email.open'), NextActivity: 'Opened' },
          { Condition: ofWelcome('_email.click'), NextActivity: 'Clicked' },
        ],
        DefaultActivity: 'Push',
        ...aDay,
      },
    },
    Opened: welcome(),
    Clicked: welcome(),
    Push: push(),
  };

  it('takes its first branch as soon as that holds', async () => {
    const app = await publishSteps(world, steps);
    await enter(world, app, 'opens');
    await world.advance(hour);
    await play(world, 'Welcome', 'click', 'opens');
    await play(world, 'Welcome', 'open', 'opens');
    await world.settle();
    expect(await received(world, 'opens')).toEqual(['EMAIL Welcome', 'EMAIL Opened']);
    const { steps: rows } = await recorded(world, app);
    expect(rows[1]).toMatchObject({ step: 'Check', kind: 'multi', decision: 'branch 1' });
    expect(rows[1]?.reason).toMatch(/^branch 1: _email\.open of Welcome arrived [^;]*$/);
  });

  it('takes a later branch only at the end, because an earlier one could still hold', async () => {
    const app = await publishSteps(world, steps);
    await enter(world, app, 'clicks');
    await world.advance(hour);
    await play(world, 'Welcome', 'click', 'clicks');
    await world.advance(22 * hour);
    expect(await received(world, 'clicks')).toEqual(['EMAIL Welcome']);
    await world.advance(2 * hour);
    expect(await received(world, 'clicks')).toEqual(['EMAIL Welcome', 'EMAIL Clicked']);
    const { steps: rows } = await recorded(world, app);
    expect(rows[1]?.reason).toMatch(
      /^branch 1: no event _email\.open of Welcome; branch 2: _email\.click of Welcome arrived /,
    );
    expect(await wakesOf(world, 'clicks'), 'a wake for a click that could settle nothing').toBe(0);
  });

  it('takes the default when no branch holds', async () => {
    const app = await publishSteps(world, steps);
    await enter(world, app, 'neither');
    await world.advance(2 * day);
    expect(await received(world, 'neither')).toEqual(['EMAIL Welcome', 'PUSH Push']);
    expect((await recorded(world, app)).told).toEqual(['Welcome sent', 'Check else', 'Push sent']);
  });
});

describe('conditions on segments', () => {
  const dimensions = (attribute: string, value: string) => ({
    SegmentDimensions: {
      Attributes: { [attribute]: { AttributeType: 'INCLUSIVE' as const, Values: [value] } },
    },
  });
  const splitOn = (Operator: 'ALL' | 'ANY', ...Conditions: object[]) => ({
    Welcome: welcome('Check'),
    Check: {
      ConditionalSplit: {
        Condition: { Operator, Conditions },
        TrueActivity: 'Yes',
        FalseActivity: 'Push',
        ...aDay,
      },
    },
    Yes: welcome(),
    Push: push(),
  });

  it('hold by any endpoint of the person, and as it is when the time is over', async () => {
    const app = await publishSteps(world, splitOn('ALL', dimensions('DeviceOS', 'Android')));
    await enter(world, app, 'changes');
    await world.advance(20 * hour);
    expect(await received(world, 'changes')).toEqual(['EMAIL Welcome']);
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: app.appId,
        EndpointId: 'changes-iphone',
        EndpointRequest: { Attributes: { DeviceOS: ['Android'] } },
      }),
    );
    await world.advance(5 * hour);
    expect(await received(world, 'changes')).toEqual(['EMAIL Welcome', 'EMAIL Yes']);
    const { steps } = await recorded(world, app);
    expect(steps[1]).toMatchObject({ decision: 'yes', reason: 'fits the segment dimensions' });
  });

  it('let ALL wait for the end although its event came, and ANY go at once', async () => {
    const both = [ofWelcome('_email.open'), dimensions('DeviceOS', 'iOS')];
    for (const [operator, got] of [
      ['ALL', ['EMAIL Welcome']],
      ['ANY', ['EMAIL Welcome', 'EMAIL Yes']],
    ] as const) {
      const app = await publishSteps(world, splitOn(operator, ...both));
      const user = `opener${operator}`;
      await enter(world, app, user);
      await world.advance(hour);
      await play(world, 'Welcome', 'open', user);
      await world.settle();
      expect(await received(world, user)).toEqual(got);
      await world.advance(day);
      expect(await received(world, user)).toEqual(['EMAIL Welcome', 'EMAIL Yes']);
    }
  });

  it('ask a named segment, and when it is gone lose nobody and say so', async () => {
    const first = await publishSteps(world, { Wait: { Wait: { WaitTime: { WaitFor: 'PT1H' } } } });
    const { appId, segmentId } = first;
    const app = await publishSteps(
      world,
      splitOn('ALL', { SegmentCondition: { SegmentId: segmentId } }),
      first,
    );
    await enter(world, app, 'member');
    await world.advance(2 * day);
    expect(await received(world, 'member')).toEqual(['EMAIL Welcome', 'EMAIL Yes']);
    await enter(world, app, 'lost');
    await world.client.send(new DeleteSegmentCommand({ ApplicationId: appId, SegmentId: segmentId }));
    await world.advance(2 * day);
    const { steps } = await recorded(world, app);
    expect(steps.filter(({ step }) => step === 'Check').map(({ reason }) => reason)).toEqual([
      `in segment ${segmentId} version 1`,
      `SEGMENT_MISSING: no segment ${segmentId}`,
    ]);
    expect((await recorded(world, app)).entries.every((entry) => entry.end_reason === 'COMPLETED')).toBe(
      true,
    );
  });
});

describe("conditions on the app's own events", () => {
  const splitOn = (Dimensions: object) => ({
    Check: {
      ConditionalSplit: {
        Condition: { Operator: 'ALL' as const, Conditions: [{ EventCondition: { Dimensions } }] },
        TrueActivity: 'Yes',
        ...aDay,
      },
    },
    Yes: welcome(),
  });

  it('hold by type, attributes and metrics together', async () => {
    const app = await publishSteps(
      world,
      splitOn({
        EventType: { Values: ['purchase'] },
        Attributes: { Plan: { Values: ['premium', 'pro'] } },
        Metrics: { Total: { ComparisonOperator: 'GREATER_THAN', Value: 99 } },
      }),
    );
    await enter(world, app, 'buyer');
    await world.advance(hour);
    const buy = (Plan: string, Total: number) =>
      putEvent(world, app, 'buyer', { type: 'purchase', attributes: { Plan }, metrics: { Total } });
    await buy('free', 200);
    await world.advance(1000);
    await buy('pro', 99);
    await world.advance(1000);
    expect(await received(world, 'buyer')).toEqual([]);
    await buy('pro', 100);
    await world.settle();
    expect(await received(world, 'buyer')).toEqual(['EMAIL Yes']);
  });

  it('hold by any type but the excluded', async () => {
    const app = await publishSteps(
      world,
      splitOn({ EventType: { Values: ['noise'], DimensionType: 'EXCLUSIVE' } }),
    );
    await enter(world, app, 'listener');
    await world.advance(hour);
    await putEvent(world, app, 'listener', { type: 'noise' });
    await world.settle();
    expect(await received(world, 'listener')).toEqual([]);
    await putEvent(world, app, 'listener', { type: 'anything' });
    await world.settle();
    expect(await received(world, 'listener')).toEqual(['EMAIL Yes']);
  });

  it('hold by attributes alone, whatever the type', async () => {
    const app = await publishSteps(world, splitOn({ Attributes: { Result: { Values: ['won'] } } }));
    await enter(world, app, 'player');
    await world.advance(hour);
    await putEvent(world, app, 'player', { type: 'game', attributes: { Result: 'lost' } });
    await world.settle();
    expect(await received(world, 'player')).toEqual([]);
    await putEvent(world, app, 'player', { type: 'match', attributes: { Result: 'won' } });
    await world.settle();
    expect(await received(world, 'player')).toEqual(['EMAIL Yes']);
  });
});
