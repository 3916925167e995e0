import { describe, expect, it } from 'vitest';
import { day, hour, type Onboarding, play, received, setUpOnboarding } from '../support/onboarding.ts';
import { callSigned } from '../support/signedRequest.ts';
import { enter, ofWelcome, publishSteps, push, recorded, wakesOf, welcome } from '../support/splits.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld({ settings: { REPOINT_SPLIT_EVALUATION: 'at-end' } });

const steps = (evaluation?: string) => ({
  Welcome: welcome('Check'),
  Check: {
    ConditionalSplit: {
      Condition: { Operator: 'ALL' as const, Conditions: [ofWelcome('_email.open')] },
      ...(evaluation && { EvaluationWaitTime: { WaitFor: evaluation } }),
      TrueActivity: 'Opened',
      FalseActivity: 'Push',
    },
  },
  Opened: welcome(),
  Push: push(),
});

describe('with at-end', () => {
  it('a split waits its whole time whatever came, and is judged once by what came, without a wake', async () => {
    const app = await publishSteps(world, steps('P1D'));
    await enter(world, app, 'patient');
    await world.advance(hour);
    await play(world, 'Welcome', 'open', 'patient');
    await world.advance(22 * hour);
    expect(await received(world, 'patient')).toEqual(['EMAIL Welcome']);
    await world.advance(2 * hour);
    expect(await received(world, 'patient')).toEqual(['EMAIL Welcome', 'EMAIL Opened']);
    expect(await wakesOf(world, 'patient')).toBe(0);
  });

  it('a split on a message without a time of its own waits the built-in hour', async () => {
    const app = await publishSteps(world, steps());
    await enter(world, app, 'builtin');
    await world.advance(hour / 2);
    await play(world, 'Welcome', 'open', 'builtin');
    await world.advance(hour / 4);
    expect(await received(world, 'builtin')).toEqual(['EMAIL Welcome']);
    await world.advance(hour / 2);
    expect(await received(world, 'builtin')).toEqual(['EMAIL Welcome', 'EMAIL Opened']);
  });

  it('no open leads to no', async () => {
    const app = await publishSteps(world, steps('P1D'));
    await enter(world, app, 'silent');
    await world.advance(2 * day);
    expect((await recorded(world, app)).told).toEqual(['Welcome sent', 'Check no', 'Push sent']);
  });

  it('an application that asks for event gets it for the journeys it publishes then', async () => {
    const app: Onboarding = await setUpOnboarding(world);
    const target = `/repoint/v1/apps/${app.appId}/split-evaluation`;
    const answer = await callSigned(world.url, {
      method: 'PUT',
      target,
      body: '{"SplitEvaluation":"event"}',
    });
    expect(JSON.parse(answer.body)).toEqual({ SplitEvaluation: 'event', InForce: 'event' });
    await publishSteps(world, steps('P1D'), app);
    await enter(world, app, 'eager');
    await world.advance(hour);
    await play(world, 'Welcome', 'open', 'eager');
    await world.settle();
    expect(await received(world, 'eager')).toEqual(['EMAIL Welcome', 'EMAIL Opened']);
  });
});
