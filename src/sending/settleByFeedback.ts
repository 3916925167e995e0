import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import type { MessageState } from '../db/tables/messages.ts';
import type { FeedbackKind } from '../domain/feedbackKind.ts';
import type { MessageKey } from './ledger.ts';
import { bodyOnceSettled } from './rows.ts';

/** The state each report proves. A failure (bounce, reject) is final: a late `delivery` does not mend it. */
const proves: Record<FeedbackKind, 'sent' | 'delivered' | 'failed'> = {
  send: 'sent',
  delivery: 'delivered',
  open: 'delivered',
  click: 'delivered',
  unsubscribe: 'delivered',
  complaint: 'delivered',
  bounce: 'failed',
  reject: 'failed',
  renderingFailure: 'failed',
};

/** States a report may replace. Reports are unordered and repeated: none undoes what a stronger one proved. */
const mayReplace: Record<'sent' | 'delivered' | 'failed', readonly MessageState[]> = {
  sent: ['queued', 'claimed', 'unknown', 'skipped'],
  delivered: ['queued', 'claimed', 'unknown', 'skipped', 'sent'],
  failed: ['queued', 'claimed', 'unknown', 'skipped', 'sent', 'delivered'],
};

/**
 * Settles a message by the provider's own report, however long ago it was sent: an `unknown` becomes what it proves.
 * Harmless for a message that is not (or no longer) ours, and when repeated.
 * @param detail why, for a failure (`Permanent General`); null where the kind says it all
 */
export async function settleByFeedback(
  tx: Tx,
  appId: string,
  message: MessageKey,
  kind: FeedbackKind,
  detail: string | null,
  logical: Date,
): Promise<void> {
  const state = proves[kind];
  const reason = state === 'failed' ? [kind.toUpperCase(), detail].filter(Boolean).join(': ') : null;
  await tx
    .updateTable('message')
    .set({
      state,
      reason,
      accepted_at: sql<Date>`coalesce(accepted_at, attempted_at)`,
      settled_at: logical,
      rendered: bodyOnceSettled,
    })
    .where('app_id', '=', appId)
    .where('owner', '=', message.owner)
    .where('seq', '=', message.seq)
    .where((row) =>
      row.or([row('state', 'in', [...mayReplace[state]]), ...(reason === null ? [] : [saysLess(reason)])]),
    )
    .execute();
}

/**
 * Of several failures that were reported (it bounced, then bounced for good), the one that comes first in the alphabet is
 * told: which one must not depend on the order in which they are heard, and `Permanent` comes before `Transient`.
 */
function saysLess(reason: string) {
  return sql<boolean>`state = 'failed' and accepted_at is not null and reason collate "C" > ${reason}`;
}
