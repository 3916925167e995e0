import { sql } from 'kysely';
import { endpointsAt } from '../../db/people/endpointsAt.ts';
import { type Suppression, suppress } from '../../db/people/suppressions.ts';
import type { Deps } from '../../deps.ts';
import { type SuppressionReason, suppressedForm } from '../../domain/suppression.ts';
import { recordAddressFate } from '../../sending/addressFate.ts';

/** A suppression, and its address as the list that it comes from has it: an endpoint may have it in that form. */
export interface ImportedSuppression extends Suppression {
  readonly given: string;
}

/** What an import came to. */
export interface ImportedSuppressions {
  readonly read: number;
  /** Of these, addresses that were not suppressed before. */
  readonly suppressed: number;
  /** Endpoints that were opted out. */
  readonly optedOut: number;
}

/** So many new addresses at once are an import of a list. */
const MANY = 100;

/** Reasons that are somebody's own word; a bounce says nothing of what its owner wants. */
const ownWord: ReadonlySet<SuppressionReason> = new Set(['COMPLAINT', 'OPT_OUT']);

/**
 * Puts addresses on the suppression list, where they stay for endpoints that come later, and opts out the endpoints that
 * every app has for those whose owners said so: not one that has been opted in since. A repeat changes nothing. Made for up
 * to 1,000 at once.
 */
export async function importSuppressions(
  { db }: Pick<Deps, 'db'>,
  suppressions: readonly ImportedSuppression[],
  now: Date,
): Promise<ImportedSuppressions> {
  const fresh = await suppress(db, suppressions);
  // A claim keeps the plan that was made for the list as Postgres knew it (ADR 0007).
  if (fresh.length >= MANY) await sql`analyze suppression`.execute(db);
  const said = suppressions.filter(({ reason }) => ownWord.has(reason));
  let optedOut = 0;
  for (const [channel, words] of Map.groupBy(said, (one) => one.channel)) {
    const since = new Map(words.map((word) => [word.address, word.since]));
    const addresses = words.flatMap(({ given, address }) => [given, address]);
    for (const endpoint of await endpointsAt(db, channel, addresses)) {
      if (endpoint.optOut === 'ALL') continue;
      const optOutAt = since.get(suppressedForm(channel, endpoint.address)?.address ?? '') ?? now;
      const fate = { optOut: 'ALL', optOutAt } as const;
      const after = await db
        .transaction()
        .execute((tx) => recordAddressFate(tx, endpoint.appId, endpoint, fate, now));
      if (after?.optOut === 'ALL') optedOut += 1;
    }
  }
  return { read: suppressions.length, suppressed: fresh.length, optedOut };
}
