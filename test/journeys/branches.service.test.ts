import { describe, expect, it } from 'vitest';
import { day, hour, play, received } from '../support/onboarding.ts';
import { enterTutorial, useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const enter = (user: string) => enterTutorial(world, user);

describe("the tutorial's journey", () => {
  it('sends the push to the phone of who never opened, when four days are over and not before', async () => {
    await enter('never');
    await world.advance(4 * day - hour);
    expect(await received(world, 'never')).toEqual(['EMAIL WelcomeEmail']);
    await world.advance(2 * hour);
    expect(await received(world, 'never')).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
    await world.advance(10 * day);
    expect(await received(world, 'never')).toHaveLength(2);
  });

  it('keeps an open during the wait until the split is open, then follows up at once and sends no push', async () => {
    await enter('early');
    await world.advance(day);
    await play(world, 'WelcomeEmail', 'open', 'early');
    await world.advance(2 * day - hour);
    expect(await received(world, 'early')).toEqual(['EMAIL WelcomeEmail']);
    await world.advance(2 * hour);
    expect(await received(world, 'early')).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
    await world.advance(10 * day);
    expect(await received(world, 'early')).toHaveLength(2);
  });

  it('follows up at once on an open while the split is open', async () => {
    await enter('during');
    await world.advance(3 * day + hour);
    await play(world, 'WelcomeEmail', 'open', 'during');
    await world.settle();
    expect(await received(world, 'during')).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
  });

  it('counts an open half a second before the end even when its wake comes late', async () => {
    await enter('last');
    const { deps } = world;
    await world.advance(4 * day - 60_000);
    const [entry] = await deps.db
      .selectFrom('journey_entry')
      .select('wake_at')
      .where('user_id', '=', 'last')
      .execute();
    const end = entry?.wake_at?.getTime() ?? 0;
    await world.advance(end - 500 - (await world.now()).getTime());
    await play(world, 'WelcomeEmail', 'open', 'last');
    // the relay is away: the wake stays where it is until the split's own timer has fired
    await world.skip(2000);
    await world.settle();
    expect(await received(world, 'last')).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
  });

  it('does not route anew on an open after the end', async () => {
    await enter('late');
    await world.advance(4 * day + hour);
    await play(world, 'WelcomeEmail', 'open', 'late');
    await world.advance(10 * day);
    expect(await received(world, 'late')).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
  });

  it('follows up once on two opens and on a duplicate', async () => {
    await enter('twice');
    await world.advance(3 * day + hour);
    await play(world, 'WelcomeEmail', 'open', 'twice');
    await play(world, 'WelcomeEmail', 'open', 'twice');
    await world.advance(10 * day);
    expect(await received(world, 'twice')).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
  });

  it('does not take a click, or another message’s open, for the open it asks about', async () => {
    await enter('other');
    await enter('somebody');
    await world.advance(3 * day + hour);
    await play(world, 'WelcomeEmail', 'click', 'other');
    await play(world, 'WelcomeEmail', 'open', 'somebody');
    await world.advance(2 * day);
    expect(await received(world, 'other')).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
  });
});
