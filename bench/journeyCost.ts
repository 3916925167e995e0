import { startEnvironment } from '../src/testing/environment.ts';
import { writeCosts } from './costsDocument.ts';
import { playScenario } from './journeyCost/playScenario.ts';
import { playStraightforward } from './journeyCost/playStraightforward.ts';
import { costsReport, type Measured } from './journeyCost/report.ts';
import { scenarios } from './journeyCost/scenarios.ts';

/** Counts what a participant costs at Temporal from real histories, and writes it into docs/costs.md. */
export async function run(): Promise<void> {
  const environment = await startEnvironment(process.env.DATABASE_URL);
  try {
    const plain = await playStraightforward(environment.testServerPath, scenarios);
    const measured: Measured[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      const straightforward = plain[index];
      const repoint = await playScenario(environment, scenario);
      if (straightforward) measured.push({ scenario, repoint, straightforward });
    }
    writeCosts('journey-cost', costsReport(measured));
  } finally {
    await environment.stop();
  }
}
