import { startEnvironment } from '../src/testing/environment.ts';
import { startKillableStack } from '../test/support/killableStack.ts';
import { createTemplates } from '../test/support/onboarding.ts';
import { table, writeCosts } from './costsDocument.ts';
import { machineLine } from './machine.ts';
import { median } from './median.ts';
import { runFloor, runJourney } from './throughput/runs.ts';

const people = Number(process.env.REPOINT_BENCH_PEOPLE ?? 600);
const rounds = Number(process.env.REPOINT_BENCH_ROUNDS ?? 5);
/** What Repoint must reach of the floor. */
const required = 0.7;
const nowhere = 'http://127.0.0.1:9';

/** How many participants a second enter a journey and get its first message, against the smallest workflow that sends one. */
export async function run(): Promise<void> {
  const environment = await startEnvironment(process.env.DATABASE_URL);
  const stack = await startKillableStack(environment);
  try {
    // what becomes of messages is told to the API of another machine, so to say
    stack.mailbox.pointAt(nowhere);
    await createTemplates(stack);
    // the first run of each warms servers and disks and is not counted
    await runFloor(stack, people);
    await runJourney(stack, people);
    const pairs: { floor: number; journey: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const floor = people / (await runFloor(stack, people));
      const journey = people / (await runJourney(stack, people));
      console.log(`floor ${floor.toFixed(1)}/s, journey ${journey.toFixed(1)}/s`);
      pairs.push({ floor, journey });
    }
    report(pairs);
  } finally {
    await stack.close();
    await environment.stop();
  }
}

function report(pairs: readonly { floor: number; journey: number }[]): void {
  const ratio = median(pairs.map(({ floor, journey }) => journey / floor));
  const head = ['participants a second, median', 'floor', 'Repoint', 'ratio', 'ratios of the rounds'];
  const row = [
    `${people} at once, ${pairs.length} rounds`,
    median(pairs.map(({ floor }) => floor)).toFixed(0),
    median(pairs.map(({ journey }) => journey)).toFixed(0),
    ratio.toFixed(2),
    pairs.map(({ floor, journey }) => (journey / floor).toFixed(2)).join(', '),
  ];
  writeCosts('journey-throughput', `${table(head, [row])}\n\n${machineLine()}`);
  if (ratio < required) {
    console.error(`below the ${required} of the floor that is required`);
    process.exitCode = 1;
  }
}
