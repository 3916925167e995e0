import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/channels/mailbox/faults.ts';
import { createTemplates, publishOnboarding, putUser, setUpOnboarding } from '../support/onboarding.ts';
import { expectPromiseKept } from '../support/oracle.ts';
import { randomFrom } from '../support/random.ts';
import { useKillableStack } from '../support/useKillableStack.ts';

/** `npm run bench -- journey-kills` takes more; another seed by `REPOINT_CHAOS_SEED`. */
const people = Number(process.env.REPOINT_CHAOS_PEOPLE ?? 100);
const kills = Number(process.env.REPOINT_CHAOS_KILLS ?? 5);
const seed = Number(process.env.REPOINT_CHAOS_SEED ?? 1);
const timeoutMs = 120_000 + kills * 30_000 + people * 600;
/** The tutorial's four days in three and a half seconds. */
const timeScale = '100000';

const stack = useKillableStack({ REPOINT_UNKNOWN_GRACE_SECONDS: '4', REPOINT_TIME_SCALE: timeScale });

/** One send in five goes wrong in one of the ways in which it can. */
function troubled(random: () => number): Fault | undefined {
  const luck = random();
  if (luck < 0.08) return { kind: 'drop' };
  if (luck < 0.12) return { kind: 'stall' };
  if (luck < 0.2) return { kind: 'status', status: 429, code: 'TooManyRequestsException' };
  return undefined;
}

/** Every second person opens the welcome as soon as it is there. */
async function openSome(opened: Set<string>): Promise<void> {
  for (const { id, activityId, endpointId } of await stack.mailbox.messages()) {
    const person = Number(endpointId?.match(/^person(\d+)-/)?.[1]);
    if (activityId !== 'WelcomeEmail' || person % 2 === 1 || opened.has(id)) continue;
    opened.add(id);
    await stack.mailbox.play(id, 'open');
  }
}

async function openEntries(): Promise<number> {
  const rows = await stack.database.db
    .selectFrom('journey_entry')
    .select('id')
    .where('ended_at', 'is not', null)
    .execute();
  return people - rows.length;
}

it(`sends to each of ${people} people once or lists them as unknown, although its workers are killed ${kills} times`, {
  timeout: timeoutMs,
}, async () => {
  const random = randomFrom(seed);
  stack.mailbox.inject(() => troubled(random));
  await createTemplates(stack);
  const onboarding = await setUpOnboarding(stack);
  await publishOnboarding(stack, onboarding);
  await stack.startWorker();
  const group = Math.ceil(people / kills);
  for (let kill = 0; kill < kills; kill += 1) {
    const ones = Array.from({ length: people }, (_, one) => one).slice(kill * group, (kill + 1) * group);
    await Promise.all(ones.map((one) => putUser(stack, onboarding.appId, `person${one}`)));
    await pause(random() * 1500);
    await stack.endWorker('SIGKILL');
    await stack.startWorker();
  }
  const opened = new Set<string>();
  const look = async () => {
    await openSome(opened);
    return await openEntries();
  };
  await expect.poll(look, { timeout: timeoutMs, interval: 300 }).toBe(0);
  const states = await expectPromiseKept({
    appId: onboarding.appId,
    db: stack.database.db,
    mailbox: stack.mailbox,
  });
  expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(people * 2);
  process.stderr.write(`measured ${JSON.stringify(states)}\n`);
});
