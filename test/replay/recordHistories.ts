import { access, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { findTestServer } from '../../src/dev/findTemporal.ts';
import { startJourneyRunner, type WorkflowRun } from '../support/journeyRun.ts';
import { cases } from './cases.ts';
import { otherCases } from './otherCases.ts';

/**
 * Records the histories of cases that have none yet: `node test/replay/recordHistories.ts`. What is recorded is what
 * runs out there: it is never recorded again, and a change under which it does not replay is a new plan version.
 */
const runner = await startJourneyRunner(await findTestServer());
try {
  const runs: Record<string, () => Promise<WorkflowRun>> = {};
  for (const [name, { plan, answers, drive }] of Object.entries(cases))
    runs[name] = () => runner.run(plan, answers, drive);
  for (const [name, { workflow, drive }] of Object.entries(otherCases))
    runs[name] = () => runner.runOther(workflow, drive);
  for (const [name, run] of Object.entries(runs)) {
    const file = fileURLToPath(new URL(`./histories/${name}.json`, import.meta.url));
    if (await exists(file)) continue;
    const { history, commands, status } = await run();
    const recorded = { history: JSON.parse(historyToJSON(history)), commands };
    await writeFile(file, `${JSON.stringify(recorded, null, 1)}\n`);
    process.stdout.write(
      `${name}: ${history.events?.length} events, ${commands.length} commands, ${status}\n`,
    );
  }
} finally {
  await runner.close();
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
