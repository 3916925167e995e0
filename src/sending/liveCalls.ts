import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { CLAIM_ALIVE_MS } from './ledger.ts';

const POLL_MS = 50;

type Sender = { readonly appId: string } & ({ readonly journeyId: string } | { readonly campaignId: string });

/**
 * Waits until no provider call of a journey or a campaign can still be under way, 12 seconds of real time at most: a claim
 * is dead by then. After a commit that forbids further claims, nothing leaves once this has resolved.
 */
export async function untilNoCall(db: Database, sender: Sender): Promise<void> {
  const deadline = Date.now() + CLAIM_ALIVE_MS;
  while (Date.now() < deadline && (await hasLiveClaim(db, sender))) await sleep(POLL_MS);
}

async function hasLiveClaim(db: Database, sender: Sender): Promise<boolean> {
  const claims = db
    .selectFrom('message')
    .select('seq')
    .where('app_id', '=', sender.appId)
    .where('settled_at', 'is', null)
    .where('state', '=', 'claimed')
    .where('claimed_at', '>', new Date(Date.now() - CLAIM_ALIVE_MS))
    .limit(1);
  const ofSender =
    'journeyId' in sender
      ? claims.where('journey_id', '=', sender.journeyId)
      : claims.where('campaign_id', '=', sender.campaignId);
  return (await ofSender.executeTakeFirst()) !== undefined;
}
