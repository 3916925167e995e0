import type { ReentryRefusal } from '../../domain/journey/entryRules.ts';
import { userOf } from '../../domain/participant.ts';
import type { Standing } from './standing.ts';

/** What a run counts, in Pinpoint's words. */
export type Tally = Map<string, number>;

/**
 * Counts a participant who was considered: every endpoint that matches is in ENDPOINT_PRODUCED and in exactly one other
 * metric. The one that entered, or was refused re-entry, stands for its user's others, which are DUPLICATE_USER.
 * @param verdict null: entered; undefined: no endpoint was eligible
 */
export function tallyConsidered(
  tally: Tally,
  standing: Standing,
  verdict: ReentryRefusal | null | undefined,
): void {
  const { participant, eligible, refusals } = standing;
  const produced = eligible.length + refusals.length;
  add(tally, 'ENDPOINT_PRODUCED', produced);
  if (userOf(participant) !== null) add(tally, 'ENDPOINTS_FROM_USER', produced);
  for (const refusal of refusals) add(tally, refusal, 1);
  if (verdict === undefined) return;
  add(tally, verdict ?? 'ENDPOINT_ENTERED', 1);
  add(tally, 'DUPLICATE_USER', eligible.length - 1);
}

/** Adds to a metric; one to which nothing was added is not in the tally. */
export function add(tally: Tally, metric: string, count: number): void {
  if (count > 0) tally.set(metric, (tally.get(metric) ?? 0) + count);
}
