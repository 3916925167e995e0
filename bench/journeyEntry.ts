import { table, writeCosts } from './costsDocument.ts';
import { machineLine } from './machine.ts';
import { runBigger } from './testRun.ts';

const sizes = [
  { members: 1_000, kills: 5 },
  { members: 10_000, kills: 5 },
] as const;

/** The suite's test of an entering worker that is killed, over a segment of 1,000 and of 10,000. */
export async function run(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const { members, kills } of sizes) {
    const measured = await runBigger('test/journeys/killedEntry.service.test.ts', {
      REPOINT_CHAOS_MEMBERS: members,
      REPOINT_CHAOS_KILLS: kills,
    });
    const { entries = 0, workflows = 0, peakMegabytes = 0 } = measured;
    rows.push([members.toLocaleString('en-US'), kills + 1, entries, workflows, peakMegabytes]);
  }
  const head = ['members', 'kills', 'entries', 'workflows', 'peak of a worker, MB'];
  writeCosts('journey-entry', `${table(head, rows)}\n\n${machineLine()}`);
}
