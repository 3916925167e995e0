import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { askSuppressed } from '../db/people/suppressions.ts';
import type { MessageOwner, Recipient } from './ledger.ts';
import { heldIn, lastSeq, type MessageRow, type NumberedRow } from './rows.ts';

/** What the ledger and the suppression list hold of the recipients of an owner's step. */
export interface Look {
  /** Their messages, by recipient; locked until the transaction ends. */
  readonly known: ReadonlyMap<string, MessageRow>;
  /** Those of their addresses that get nothing, in the form they were given. */
  readonly suppressed: ReadonlySet<string>;
  /** The next free `seq` of the owner. */
  readonly next: number;
}

type LookRow = NumberedRow & { readonly unwanted: readonly string[] };

/** Reads in one statement what a claim decides by. The owner's lock is held: a statement sees nothing that is newer than itself. */
export async function look(tx: Tx, owner: MessageOwner, recipients: readonly Recipient[]): Promise<Look> {
  const { appId, channel, step } = owner;
  const names = recipients.map(({ recipient }) => recipient);
  const suppressed = askSuppressed(
    channel,
    recipients.map(({ address }) => address),
  );
  const { rows } = await sql<LookRow>`
    with known as (
      select * from message
      where app_id = ${appId} and owner = ${owner.owner} and step = ${step} and recipient = any(${names}::text[])
      order by seq for update)
    select facts.*, known.* from (select ${lastSeq(owner)} as last, array(${suppressed.query}) as unwanted) as facts
    left join known on true`.execute(tx);
  const held = heldIn(rows);
  return {
    known: new Map(held.rows.map((row) => [row.recipient, row])),
    suppressed: suppressed.given(rows[0]?.unwanted ?? []),
    next: held.next,
  };
}
