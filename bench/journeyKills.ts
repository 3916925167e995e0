import { machineLine } from './machine.ts';
import { runBigger } from './testRun.ts';

const people = 500;
const kills = 50;

/** The suite's test of killed workers, five times as many people and ten times as many kills. `REPOINT_CHAOS_SEED` is heeded. */
export async function run(): Promise<void> {
  const states = await runBigger('test/journeys/killedWorker.service.test.ts', {
    REPOINT_CHAOS_PEOPLE: people,
    REPOINT_CHAOS_KILLS: kills,
  });
  console.log(`${people} people, two messages each, ${kills} kills: nobody received a message twice.`);
  console.log(`The ledger's messages by state: ${JSON.stringify(states)}`);
  console.log(machineLine());
}
