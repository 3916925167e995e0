import { GetJourneyCommand, UpdateJourneyStateCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
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

async function enter(user: string) {
  const entered = await enterTutorial(world, user);
  const become = async (State: 'PAUSED' | 'ACTIVE' | 'CANCELLED') => {
    await world.client.send(
      new UpdateJourneyStateCommand({
        ApplicationId: entered.appId,
        JourneyId: entered.journeyId,
        JourneyStateRequest: { State },
      }),
    );
  };
  return { ...entered, become };
}

async function stateOf(ApplicationId: string, JourneyId: string): Promise<string | undefined> {
  const command = new GetJourneyCommand({ ApplicationId, JourneyId });
  return (await world.client.send(command)).JourneyResponse?.State;
}

describe('a journey that is paused', () => {
  it('keeps the time that was left: two days of pause make the push two days later', async () => {
    const { become } = await enter('paused');
    await world.advance(day);
    await become('PAUSED');
    await world.advance(2 * day);
    await become('ACTIVE');
    await world.advance(3 * day - hour);
    expect(await received(world, 'paused')).toEqual(['EMAIL WelcomeEmail']);
    await world.advance(2 * hour);
    expect(await received(world, 'paused')).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
  });

  it('holds who becomes due during the pause, and an open in the pause counts when it is over', async () => {
    const { become } = await enter('held');
    await world.advance(3 * day);
    await become('PAUSED');
    await play(world, 'WelcomeEmail', 'open', 'held');
    await world.advance(10 * day);
    expect(await received(world, 'held')).toEqual(['EMAIL WelcomeEmail']);
    await become('ACTIVE');
    await world.settle();
    expect(await received(world, 'held')).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
  });

  it('lets nobody in, and lets in who came meanwhile when it resumes', async () => {
    const { appId, become } = await enter('first');
    await become('PAUSED');
    await putUser(world, appId, 'meanwhile');
    await world.advance(day);
    expect(await received(world, 'meanwhile')).toEqual([]);
    await become('ACTIVE');
    await world.settle();
    expect(await received(world, 'meanwhile')).toEqual(['EMAIL WelcomeEmail']);
  });
});

describe('a journey that is cancelled', () => {
  it('sends nothing more and ends its entries, at their next wake at the latest', async () => {
    const { appId, become } = await enter('cancelled');
    await world.advance(3 * day + hour);
    await become('CANCELLED');
    await play(world, 'WelcomeEmail', 'open', 'cancelled');
    await world.advance(10 * day);
    expect(await received(world, 'cancelled')).toEqual(['EMAIL WelcomeEmail']);
    const entry = await world.deps.db
      .selectFrom('journey_entry')
      .select('end_reason')
      .where('app_id', '=', appId)
      .executeTakeFirstOrThrow();
    expect(entry.end_reason).toBe('CANCELLED');
  });

  it('lets nobody in', async () => {
    const { appId, become } = await enter('inside');
    await become('CANCELLED');
    await putUser(world, appId, 'outside');
    await world.advance(day);
    expect(await received(world, 'outside')).toEqual([]);
  });
});

describe('a journey with a schedule', () => {
  it('lets people in from its start to its end, closes then, and is complete when the last has left', async () => {
    const onboarding = await setUpOnboarding(world);
    await putUser(world, onboarding.appId, 'scheduled');
    const now = (await world.now()).getTime();
    const journeyId = await publishOnboarding(world, onboarding, (journey) => ({
      ...journey,
      Schedule: { StartTime: new Date(now + day), EndTime: new Date(now + 3 * day) },
    }));
    await world.advance(day - hour);
    expect(await received(world, 'scheduled')).toEqual([]);
    await world.advance(2 * hour);
    expect(await received(world, 'scheduled')).toEqual(['EMAIL WelcomeEmail']);
    await world.advance(2 * day);
    await putUser(world, onboarding.appId, 'toolate');
    await world.advance(day);
    expect(await received(world, 'toolate')).toEqual([]);
    expect(await stateOf(onboarding.appId, journeyId)).toBe('CLOSED');
    await world.advance(2 * day);
    expect(await received(world, 'scheduled')).toContain('PUSH ReengagePush');
    expect(await stateOf(onboarding.appId, journeyId)).toBe('COMPLETED');
  });
});
