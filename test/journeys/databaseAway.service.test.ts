import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, expect, inject, it } from 'vitest';
import { minute, nowhere, useFaultyWorld } from '../support/faultyWorld.ts';
import { cutNextLedgerStatement, killConnections } from '../support/killConnections.ts';
import { day, putUser } from '../support/onboarding.ts';
import { randomFrom } from '../support/random.ts';

const people = 12;
const cutsMin = 25;
const cutsMax = 250;

/** Lines of the worker's log. */
const failures: string[] = [];
const log = pino({ level: 'error' }, { write: (line: string) => failures.push(line) });
const world = useFaultyWorld({}, { log });
afterEach(() => world.heal());

async function databaseUrl(): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(world.deps.db);
  return `${inject('postgresUrl')}/${rows[0]?.name}`;
}

function hasHitActivity(): boolean {
  return failures.some((line) => line.includes('activity failed'));
}

/** On a busy machine the first cuts may all come before an activity begins: goes on until one was hit. */
async function cutConnections(): Promise<void> {
  const url = await databaseUrl();
  const random = randomFrom(1);
  for (let cut = 0; cut < cutsMin || (cut < cutsMax && !hasHitActivity()); cut += 1) {
    await pause(random() * 100);
    await killConnections(url);
  }
}

/** Lets the world go on for as long as connections are cut; what reads the same database beside the worker may fail. */
async function settleMeanwhile(cutting: Promise<void>): Promise<void> {
  let isOver = false;
  const over = cutting.finally(() => {
    isOver = true;
  });
  while (!isOver) await world.settle().catch(() => pause(10));
  await over;
}

it('an answer in hand is not lost when every connection is cut while it is recorded', async () => {
  const { appId } = await world.enter();
  const url = await databaseUrl();
  // nobody else tells what became of the send
  world.mailbox.pointAt(nowhere);
  const cut = Promise.withResolvers<void>();
  world.around(async (send) => {
    const outcome = await send();
    const { sprung } = await cutNextLedgerStatement(url);
    sprung.then(cut.resolve, cut.reject);
    return outcome;
  });
  await settleMeanwhile(cut.promise);
  world.heal();
  await world.advance(minute);
  expect(await world.ledger(appId)).toMatchObject([{ state: 'sent', attempt: 1 }]);
  expect(await world.promiseKept(appId)).toEqual({ sent: 1 });
});

it('nobody is doubled or forgotten when the connections to Postgres are cut while steps are taken', {
  timeout: 120_000,
}, async () => {
  const { appId } = await world.enter();
  for (let one = 1; one < people; one += 1) await putUser(world, appId, `person${one}`);
  await settleMeanwhile(cutConnections());
  expect(hasHitActivity()).toBe(true);
  // what a cut left behind, a lease of the relay or a claim, is taken up again after seconds of real time
  const welcomed = async () => {
    await world.advance(minute);
    return (await world.decisions(appId)).filter((one) => one.startsWith('WelcomeEmail ')).length;
  };
  await expect.poll(welcomed, { timeout: 45_000, interval: 500 }).toBe(people);
  await world.promiseKept(appId);
  await world.advance(5 * day);
  const states = await world.promiseKept(appId);
  expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(2 * people);
  expect([...(await world.statuses())]).not.toContain('FAILED');
});
