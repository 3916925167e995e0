import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { KillableStack } from '../../test/support/killableStack.ts';
import { addMembers } from '../../test/support/members.ts';
import { publishOnboarding, setUpOnboarding } from '../../test/support/onboarding.ts';
import { runProgram } from '../../test/support/program.ts';

const floorProgram = fileURLToPath(new URL('./floorProcess.ts', import.meta.url));

/** Seconds from publishing the tutorial's journey to a segment until so many have had its first message, the last one's recorded. */
export async function runJourney(stack: KillableStack, people: number): Promise<number> {
  const onboarding = await setUpOnboarding(stack);
  await addMembers(stack.database.db, onboarding.appId, people);
  await stack.startWorker();
  const began = performance.now();
  await publishOnboarding(stack, onboarding);
  while ((await greeted(stack, onboarding.appId)) < people) await pause(100);
  const seconds = (performance.now() - began) / 1000;
  await stack.endWorker('SIGTERM');
  return seconds;
}

/** How many of an app's participants have had the first message, and wait. */
export async function greeted({ database }: KillableStack, appId: string): Promise<number> {
  const { count } = await database.db
    .selectFrom('journey_entry')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('app_id', '=', appId)
    .where('position', '=', 'WelcomeEmail')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Seconds for as many of the smallest workflows, by a worker with the same settings, until each has sent its message. */
export async function runFloor(stack: KillableStack, people: number): Promise<number> {
  const floor = runProgram([floorProgram], { ...stack.env, REPOINT_TASK_QUEUE: 'floor' });
  await floor.printed('floor is up');
  const began = performance.now();
  floor.child.stdin?.write(`${people}\n`);
  await floor.printed('sent');
  const seconds = (performance.now() - began) / 1000;
  floor.child.stdin?.end();
  await floor.ended;
  return seconds;
}
