import { sql } from 'kysely';
import {
  type SuppressedAddress,
  type SuppressibleChannel,
  type SuppressionReason,
  suppressedForm,
} from '../../domain/suppression.ts';
import type { Queryable } from '../database.ts';

/** Somebody's word that an address gets nothing any more. */
export interface Suppression extends SuppressedAddress {
  readonly reason: SuppressionReason;
  readonly source: string;
  readonly since: Date;
}

/** Which of some addresses of a channel get nothing, in the form they were given. */
export async function suppressedAmong(
  db: Queryable,
  channel: string,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const asked = askSuppressed(channel, addresses);
  const { rows } = await sql<{ address: string }>`${asked.query}`.execute(db);
  return asked.given(rows.map(({ address }) => address));
}

/** The same as a query, which another statement may carry, and what its answer means in the form the addresses were given. */
export function askSuppressed(channel: string, addresses: readonly string[]) {
  const forms = new Map(addresses.map((given) => [given, suppressedForm(channel, given)?.address]));
  const wanted = [...new Set(forms.values())].filter((form) => form !== undefined);
  const query = sql`
    select address from suppression
    where channel = ${channel} and address = any(${wanted}::text[]) and lifted_at is null`;
  const given = (found: readonly string[]): ReadonlySet<string> => {
    const unwanted = new Set(found);
    return new Set(addresses.filter((address) => unwanted.has(forms.get(address) ?? '')));
  };
  return { query, given };
}

/**
 * Suppresses addresses. A repeat changes nothing; a word that is older than the one by which an address was freed does not
 * suppress it again, in whatever order they come.
 * @returns the addresses that were not suppressed before
 */
export async function suppress(
  db: Queryable,
  suppressions: readonly Suppression[],
): Promise<SuppressedAddress[]> {
  const newest = new Map(suppressions.map((one) => [`${one.channel} ${one.address}`, one]));
  if (newest.size === 0) return [];
  const rows = await db
    .insertInto('suppression')
    .values(
      [...newest.values()]
        .sort((a, b) => (a.address < b.address ? -1 : 1))
        .map(({ channel, address, reason, source, since }) => ({ channel, address, reason, source, since })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['channel', 'address'])
        .doUpdateSet({
          reason: sql`case when suppression.lifted_at is null then suppression.reason else excluded.reason end`,
          source: sql`case when suppression.lifted_at is null then suppression.source else excluded.source end`,
          since: sql`excluded.since`,
          lifted_at: null,
        })
        .where(sql<boolean>`excluded.since > coalesce(suppression.lifted_at, suppression.since)`),
    )
    .returning([
      'channel',
      'address',
      sql<boolean>`old.address is null or old.lifted_at is not null`.as('fresh'),
    ])
    .execute();
  return rows.filter(({ fresh }) => fresh).map(({ channel, address }) => ({ channel, address }));
}

/** Somebody's own word, at `at`, that they want messages again: it undoes an opt-out that is older, and nothing else. */
export async function liftOptOut(
  db: Queryable,
  { channel, address }: SuppressedAddress,
  at: Date,
): Promise<void> {
  await db
    .insertInto('suppression')
    .values({ channel, address, reason: 'OPT_OUT', source: 'feedback', since: at, lifted_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(['channel', 'address'])
        .doUpdateSet({ lifted_at: at })
        .where('suppression.reason', '=', 'OPT_OUT')
        .where(sql<boolean>`greatest(suppression.since, suppression.lifted_at) < ${at}`),
    )
    .execute();
}
/** Frees addresses and forgets them. @returns how many were suppressed */
export async function removeSuppressions(
  db: Queryable,
  addresses: readonly SuppressedAddress[],
): Promise<number> {
  let removed = 0;
  for (const { channel, address } of addresses) {
    const gone = await db
      .deleteFrom('suppression')
      .where('channel', '=', channel)
      .where('address', '=', address)
      .returning('lifted_at')
      .executeTakeFirst();
    if (gone?.lifted_at === null) removed += 1;
  }
  return removed;
}

const PAGE_SIZE = 1000;

/** All that are suppressed, by channel and address. */
export async function* listSuppressions(
  db: Queryable,
  channel?: SuppressibleChannel,
): AsyncGenerator<Suppression> {
  let after: SuppressedAddress | undefined;
  for (;;) {
    const rows: Suppression[] = await db
      .selectFrom('suppression')
      .select(['channel', 'address', 'reason', 'source', 'since'])
      .where('lifted_at', 'is', null)
      .$if(channel !== undefined, (query) => query.where('channel', '=', channel as SuppressibleChannel))
      .where(sql<boolean>`(channel, address) > (${after?.channel ?? ''}, ${after?.address ?? ''})`)
      .orderBy('channel')
      .orderBy('address')
      .limit(PAGE_SIZE)
      .execute();
    yield* rows;
    after = rows.at(-1);
    if (rows.length < PAGE_SIZE) return;
  }
}
