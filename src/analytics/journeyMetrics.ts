import type { Queryable } from '../db/database.ts';
import { countEntries, type MetricsScope } from '../db/journeyMetrics.ts';
import { readRunCounts } from '../db/journeyRuns.ts';

/** Metrics as Pinpoint answers them: numbers as text. */
export type Metrics = Record<string, string>;

/**
 * How many entered a journey or one of its runs, are inside, have left, and were not let in for which reason. Who entered
 * stands in the entries; who was refused only in what the runs have counted.
 */
export async function journeyMetrics(db: Queryable, scope: MetricsScope): Promise<Metrics> {
  const { active, left, cancelled } = await countEntries(db, scope);
  const { ENDPOINT_ENTERED: _, ...refused } = await readRunCounts(db, scope, scope.runId);
  return asText({
    ...refused,
    ENDPOINT_ENTERED: active + left + cancelled,
    ENDPOINT_ACTIVE: active,
    ENDPOINT_LEFT: left,
    CANCELLED: cancelled,
  });
}

export function asText(counts: Readonly<Record<string, number>>): Metrics {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
}
