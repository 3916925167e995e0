import type { Queryable } from '../db/database.ts';
import { countEntries, type MetricsScope } from '../db/journeys/journeyMetrics.ts';
import { readRunCounts } from '../db/journeys/journeyRuns.ts';

/** Metrics as Pinpoint answers them: numbers as text. */
export type Metrics = Record<string, string>;

/** Ends that the journey did not decide: they are told by their names, beside ENDPOINT_LEFT. */
const fromOutside = /^(OPERATOR|WORKFLOW)_/;

/**
 * How many entered a journey or one of its runs, are inside, have left, and were not let in for which reason. Who entered
 * stands in the entries; who was refused only in what the runs have counted.
 */
export async function journeyMetrics(db: Queryable, scope: MetricsScope): Promise<Metrics> {
  const ends = [...(await countEntries(db, scope))];
  const total = (which: (reason: string | null) => boolean) =>
    ends.reduce((sum, [reason, count]) => sum + (which(reason) ? count : 0), 0);
  const { ENDPOINT_ENTERED: _, ...refused } = await readRunCounts(db, scope, scope.runId);
  return asText({
    ...refused,
    ENDPOINT_ENTERED: total(() => true),
    ENDPOINT_ACTIVE: total((reason) => reason === null),
    ENDPOINT_LEFT: total((reason) => reason !== null && reason !== 'CANCELLED'),
    CANCELLED: total((reason) => reason === 'CANCELLED'),
    ...Object.fromEntries(ends.filter(([reason]) => fromOutside.test(reason ?? ''))),
  });
}

/** Counts as Pinpoint answers them. */
export function asText(counts: Readonly<Record<string, number>>): Metrics {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
}
