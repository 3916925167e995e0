import type { Tx } from '../db/database.ts';
import type { MessageOwner, Recipient } from './ledger.ts';
import { lockOwner, newRow, nextSeq } from './rows.ts';

/** No call before an instant (logical time), and why. */
export interface Holding {
  readonly recipient: Recipient;
  readonly until: Date;
  readonly reason: string;
}

/**
 * Holds recipients nobody has claimed, or that wait for their next call, until an instant: `claim` then answers `wait`.
 * They belong to the frozen set from now on. What is claimed or settled stays as it is.
 */
export async function hold(
  tx: Tx,
  owner: MessageOwner,
  holdings: readonly Holding[],
  logical: Date,
): Promise<void> {
  if (holdings.length === 0) return;
  await lockOwner(tx, owner);
  const first = await nextSeq(tx, owner);
  await tx
    .insertInto('message')
    .values(
      holdings.map(({ recipient, until, reason }, index) => ({
        ...newRow(owner, recipient, first + index, logical),
        held_until: until,
        held_for: reason,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['app_id', 'owner', 'step', 'recipient'])
        .doUpdateSet((row) => ({
          held_until: row.ref('excluded.held_until'),
          held_for: row.ref('excluded.held_for'),
        }))
        .where('message.state', '=', 'queued'),
    )
    .execute();
}
