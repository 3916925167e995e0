import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { CLAIM_ALIVE_MS } from './ledger.ts';

const POLL_MS = 50;

/**
 * Waits until no provider call of a campaign can still be under way, 12 seconds of real time at most: a claim is dead by
 * then. After a commit that forbids further claims, nothing leaves once this has resolved.
 */
export async function untilNoCampaignCall(
  db: Database,
  campaign: { readonly appId: string; readonly campaignId: string },
): Promise<void> {
  const deadline = Date.now() + CLAIM_ALIVE_MS;
  while (Date.now() < deadline && (await hasLiveClaim(db, campaign))) await sleep(POLL_MS);
}

async function hasLiveClaim(
  db: Database,
  { appId, campaignId }: { appId: string; campaignId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('message')
    .select('seq')
    .where('app_id', '=', appId)
    .where('settled_at', 'is', null)
    .where('state', '=', 'claimed')
    .where('claimed_at', '>', new Date(Date.now() - CLAIM_ALIVE_MS))
    .where('campaign_id', '=', campaignId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
