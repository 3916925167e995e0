import { expect, it } from 'vitest';
import { oneMail, startEntryScene } from '../support/entryScene.ts';
import { hour } from '../support/onboarding.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const people = {
  tokyo: { Demographic: { Timezone: 'Asia/Tokyo' } },
  kathmandu: { Demographic: { Timezone: 'Asia/Kathmandu' } },
  london: { Demographic: { Timezone: 'UTC' } },
  honolulu: { Demographic: { Timezone: 'UTC-10' } },
  estimated: { Demographic: {}, Location: { Country: 'US', PostalCode: '99501' } },
  nowhere: {},
};

/** The next midnight that is more than a day away, in UTC. */
async function nextMidnight(): Promise<number> {
  const day = 24 * hour;
  return (Math.floor((await world.now()).getTime() / day) + 3) * day;
}

it.each(['live', 'original'] as const)(
  'people enter when their own clock shows StartTime, those of unknown zones never (%s)',
  async (Mode) => {
    const midnight = await nextMidnight();
    const nine = midnight + 9 * hour;
    const scene = await startEntryScene(world, {
      entry: { Mode },
      change: (journey) => ({
        ...oneMail(journey),
        LocalTime: true,
        TimezoneEstimationMethods: ['POSTAL_CODE'],
        Schedule: { StartTime: new Date(nine), EndTime: new Date(nine + 2 * hour) },
      }),
    });
    for (const [user, more] of Object.entries(people)) await scene.put(user, 'premium', more);
    const seen: string[] = [];
    const at = async (instant: number) => {
      await world.advance(instant - (await world.now()).getTime());
      await world.settle();
      const entries = await scene.entries();
      seen.push(entries.map((entry) => entry.split(' ')[0]).join(' '));
    };
    await at(midnight - 16 * 60_000);
    await at(midnight + 60_000);
    await at(nine - 5.75 * hour + 60_000);
    await at(nine + 60_000);
    await at(nine + 11 * hour);
    expect(seen).toEqual([
      '',
      'tokyo',
      'tokyo kathmandu',
      'tokyo kathmandu london',
      'tokyo kathmandu london estimated honolulu',
    ]);
    await scene.put('toolate', 'premium', people.tokyo);
    await world.advance(20 * hour);
    await world.settle();
    expect((await scene.entries()).length).toBe(5);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 5, ENDPOINT_MISSING_TIMEZONE: 1 });
    expect(await scene.state()).toBe('COMPLETED');
  },
);
