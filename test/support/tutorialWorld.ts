import { beforeAll, expect } from 'vitest';
import {
  createTemplates,
  type Onboarding,
  publishOnboarding,
  putUser,
  received,
  setUpOnboarding,
} from './onboarding.ts';
import { useWorld, type World } from './world.ts';

/** A world with the tutorial's templates, for the tests of a file. */
export function useTutorialWorld(...options: Parameters<typeof useWorld>): World {
  const world = useWorld(...options);
  beforeAll(() => createTemplates(world));
  return world;
}

export interface Entered extends Onboarding {
  readonly journeyId: string;
}

/** An application of its own with the tutorial's journey, and one user who has just entered it and got the welcome. */
export async function enterTutorial(world: World, user: string): Promise<Entered> {
  const onboarding = await setUpOnboarding(world);
  const journeyId = await publishOnboarding(world, onboarding);
  await putUser(world, onboarding.appId, user);
  await world.settle();
  expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
  return { ...onboarding, journeyId };
}
