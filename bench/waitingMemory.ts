import { setTimeout as pause } from 'node:timers/promises';
import { startEnvironment } from '../src/testing/environment.ts';
import { type KillableStack, startKillableStack } from '../test/support/killableStack.ts';
import { addMembers } from '../test/support/members.ts';
import { createTemplates, publishOnboarding, setUpOnboarding } from '../test/support/onboarding.ts';
import { residentMegabytes } from '../test/support/residentMemory.ts';
import { table, writeCosts } from './costsDocument.ts';
import { machineLine } from './machine.ts';
import { median } from './median.ts';
import { greeted } from './throughput/runs.ts';

const many = Number(process.env.REPOINT_BENCH_PEOPLE ?? 5_000);
const sizes = [many / 5, many] as const;
/** How much more the larger crowd may take: less than what a process's memory wavers by. */
const allowed = 1.15;

/** How much memory one worker process has with 1,000 participants waiting, and with 5,000. */
export async function run(): Promise<void> {
  const environment = await startEnvironment(process.env.DATABASE_URL);
  try {
    const measured: { people: number; megabytes: number }[] = [];
    for (const people of sizes) {
      const stack = await startKillableStack(environment);
      try {
        measured.push({ people, megabytes: await withWaiting(stack, people) });
      } finally {
        await stack.close();
      }
    }
    report(measured);
  } finally {
    await environment.stop();
  }
}

/** Has so many enter the tutorial's journey, which then sleeps for four days, and looks at their one worker. */
async function withWaiting(stack: KillableStack, people: number): Promise<number> {
  await createTemplates(stack);
  const onboarding = await setUpOnboarding(stack);
  await addMembers(stack.database.db, onboarding.appId, people);
  await stack.startWorker();
  await publishOnboarding(stack, onboarding);
  while ((await greeted(stack, onboarding.appId)) < people) await pause(200);
  const samples: number[] = [];
  for (let sample = 0; sample < 20; sample += 1) {
    samples.push(residentMegabytes(stack.workerPid() ?? 0));
    await pause(250);
  }
  console.log(`${people} wait: ${samples.join(' ')} MB`);
  return median(samples);
}

function report(measured: readonly { people: number; megabytes: number }[]): void {
  const [before = 1, after = 0] = measured.map(({ megabytes }) => megabytes);
  const ratio = after / before;
  const rows = measured.map(({ people, megabytes }) => [
    people.toLocaleString('en-US'),
    megabytes.toFixed(0),
  ]);
  const part = `${table(['participants waiting', "the worker's memory, MB"], rows)}\n\nRatio ${ratio.toFixed(2)}. ${machineLine()}`;
  writeCosts('waiting-memory', part);
  if (ratio > allowed) {
    console.error(`more than ${allowed} times as much`);
    process.exitCode = 1;
  }
}
