import type { Tx } from '../db/database.ts';
import type { CampaignChannel } from '../domain/campaign/content.ts';
import { campaignOwner } from './campaignOwner.ts';
import { claim } from './claim.ts';
import type { ClaimTime, MessageOwner, Recipient } from './ledger.ts';
import { recordSkip } from './record.ts';
import { type MessageRow, recipientOf } from './rows.ts';

const BATCH_SIZE = 200;

export interface EndedRun {
  readonly appId: string;
  readonly campaignId: string;
  readonly runId: string;
  /** Why those who were put back are not sent to. */
  readonly reason: string;
}

/**
 * Settles a batch of what a run that sends no more has left: a message that was put back is skipped with the run's reason, one
 * whose answer never came is unknown for good.
 * @returns `none` when nothing was left, `wait` with the instant (logical) at which the last live claim is dead
 */
export async function settleLeftovers(
  tx: Tx,
  run: EndedRun,
  now: ClaimTime,
): Promise<{ readonly is: 'none' | 'more' } | { readonly is: 'wait'; readonly until: Date }> {
  const rows = await leftovers(tx, run);
  let until: Date | undefined;
  for (const row of rows) {
    const owner = campaignOwner(run, row.channel as CampaignChannel);
    const waiting = await settle(tx, owner, row, run.reason, now);
    if (waiting !== undefined && (until === undefined || waiting > until)) until = waiting;
  }
  if (until !== undefined) return { is: 'wait', until };
  return { is: rows.length < BATCH_SIZE ? 'none' : 'more' };
}

async function settle(
  tx: Tx,
  owner: MessageOwner,
  row: MessageRow,
  reason: string,
  now: ClaimTime,
): Promise<Date | undefined> {
  const recipient: Recipient = recipientOf(row);
  if (row.state === 'queued') {
    await recordSkip(tx, owner, recipient, reason, now.logical);
    return undefined;
  }
  const [answer] = await claim(tx, owner, [recipient], now);
  if (answer?.kind === 'wait') return answer.until;
  // Its owner put it back between our reading and our claim.
  if (answer?.kind === 'call') await recordSkip(tx, owner, answer, reason, now.logical);
  return undefined;
}

async function leftovers(tx: Tx, run: EndedRun): Promise<MessageRow[]> {
  return await tx
    .selectFrom('message')
    .selectAll()
    .where('app_id', '=', run.appId)
    .where('owner', '=', run.runId)
    .where('settled_at', 'is', null)
    .where('state', 'in', ['queued', 'claimed', 'unknown'])
    .orderBy('seq')
    .limit(BATCH_SIZE)
    .execute();
}
