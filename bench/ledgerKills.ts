import { machineLine } from './machine.ts';
import { runBigger } from './testRun.ts';

const people = 5000;
const kills = 200;

/** The suite's test of the ledger under faults and kills, with 10,000 messages. `REPOINT_CHAOS_*` is heeded. */
export async function run(): Promise<void> {
  const sizes = { REPOINT_CHAOS_PEOPLE: people, REPOINT_CHAOS_KILLS: kills };
  const given = Object.entries(sizes).map(([name, size]) => [name, Number(process.env[name] ?? size)]);
  const measured = await runBigger('test/sending/ledgerKills.service.test.ts', Object.fromEntries(given));
  console.log(`Nobody received a message twice but by the transactional door: ${JSON.stringify(measured)}`);
  console.log(machineLine());
}
