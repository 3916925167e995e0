import { ApplicationFailure } from '@temporalio/common';
import { MOST_ENDPOINTS_PER_CALL } from '../../channels/custom/customChannel.ts';
import { advanceRun } from '../../db/campaigns/campaignRuns.ts';
import { readCampaign } from '../../db/campaigns/campaigns.ts';
import type { Deps } from '../../deps.ts';
import { messagesPerSecond } from '../../domain/campaign/limits.ts';
import { type Delivered, deliver } from '../../sending/deliver.ts';
import { untilSlot } from '../../sending/untilSlot.ts';
import { type ClaimedAt, type CustomStepCall, callCustom } from '../journey/callCustom.ts';
import { notNow } from '../notNow.ts';
import { type CampaignChunk, claimChunk } from './campaignChunk.ts';
import type { CampaignPage, CampaignRunInput } from './campaignRunActivities.ts';
import { CampaignSeats } from './campaignSeats.ts';

/** Claims made, and calls under way, at one time; a custom channel is told of more endpoints in a call. */
const CHUNK_SIZE = 25;
/** Real milliseconds after which a page takes up no further chunk. */
const PAGE_MS = 10_000;

/**
 * Sends to the next members of a run for about ten seconds, chunk after chunk at the campaign's MessagesPerSecond and as its
 * channels let messages leave. Each recipient has a row and an outcome of its own; whoever is settled is never called again.
 * @throws ApplicationFailure when a provider would not take a message now, or another attempt's claim is alive: the page is
 * repeated after the delay asked for, from the first member that is not settled
 */
export async function sendPage(deps: Deps, input: CampaignRunInput): Promise<CampaignPage> {
  const { appId, campaignId } = input;
  const campaign = await readCampaign(deps.db, appId, campaignId, input.version);
  if (campaign === undefined) return { is: 'stopped' };
  const perSecond = messagesPerSecond(campaign.document, campaign.defaults);
  const seats = new CampaignSeats(deps.rates, { appId, of: 'campaign', id: campaignId, perSecond });
  const isCustom = campaign.document.CustomDeliveryConfiguration !== undefined;
  const most = Math.min(isCustom ? MOST_ENDPOINTS_PER_CALL : CHUNK_SIZE, Math.ceil(perSecond / 2));
  const began = performance.now();
  try {
    while (performance.now() - began < PAGE_MS) {
      const limit = await seats.refill(most);
      if (limit === 0) continue;
      const logical = await deps.clock.now();
      const time = { logical, real: new Date() };
      const chunk = await deps.db
        .transaction()
        .execute((tx) => claimChunk(tx, input, { limit, slots: seats.counts }, time, deps.config));
      if (chunk.is === 'wanted') await seats.take(chunk.counts);
      else if (chunk.is === 'chunk') await sendChunk({ deps, input, seats, most }, chunk, logical);
      else return chunk;
    }
    return { is: 'more' };
  } finally {
    seats.giveBack();
  }
}

interface Sending {
  readonly deps: Deps;
  readonly input: CampaignRunInput;
  readonly seats: CampaignSeats;
  /** Members of a chunk at the most. */
  readonly most: number;
}

/** Makes a chunk's calls, each at its time; all are recorded before the first fault is thrown. */
async function sendChunk(
  { deps, input, seats, most }: Sending,
  chunk: CampaignChunk,
  logical: Date,
): Promise<void> {
  const calls = callsOf({ deps, seats }, chunk, { claimed: performance.now(), logical });
  const byChannel = Map.groupBy(chunk.calls, ({ message }) => message.channel);
  const used = new Map([...byChannel].map(([channel, group]) => [channel, group.length] as const));
  // where it fails the next chunk asks again
  const ahead = seats.takeAhead(most, used).catch(() => {});
  const results = await Promise.allSettled(calls);
  await ahead;
  const faults = results.filter((result) => result.status === 'rejected');
  if (faults.length > 0) throw faults[0]?.reason;
  const postponed = results.flatMap((result) =>
    result.status === 'fulfilled' ? result.value.filter(({ recorded }) => recorded === 'retry') : [],
  );
  if (postponed.length > 0)
    throw notNow(
      postponed.map(({ outcome }) => outcome),
      chunk.calls.every(({ message }) => message.channel !== 'CUSTOM'),
    );
  if (chunk.waitUntil !== undefined) throw claimedByOther(chunk.waitUntil.getTime() - logical.getTime());
  await advanceRun(deps.db, input.appId, input.runId, chunk.position);
}

/** One provider call for each recipient, at its time; a custom channel is told of its endpoints together, at the first one's. */
function callsOf(
  { deps, seats }: Pick<Sending, 'deps' | 'seats'>,
  chunk: CampaignChunk,
  at: ClaimedAt,
): Promise<Delivered[]>[] {
  const custom: CustomStepCall[] = [];
  const single: Promise<Delivered[]>[] = [];
  const customSeats: number[] = [];
  for (const { owner, claim, message } of chunk.calls) {
    const seat = seats.next(message.channel);
    if (message.channel === 'CUSTOM') {
      custom.push({ claim, message });
      customSeats.push(seat);
    } else {
      const call = untilSlot(seat).then(() => deliver(deps, owner, claim, message, at.claimed));
      single.push(call.then((delivered) => [delivered]));
    }
  }
  const owner = chunk.calls.find(({ message }) => message.channel === 'CUSTOM')?.owner;
  if (owner === undefined) return single;
  return [...single, untilSlot(customSeats[0]).then(() => callCustom(deps, owner, custom, at))];
}

/** Another attempt of this page holds claims that are alive, or were when its worker died. */
export function claimedByOther(delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'ClaimedByOther',
    message: 'an earlier attempt may still be calling',
    nextRetryDelay: Math.max(1, delayMs),
  });
}
