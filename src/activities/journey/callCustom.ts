import {
  type CustomResult,
  MOST_ENDPOINTS_PER_CALL,
  type OutgoingCustom,
} from '../../channels/custom/customChannel.ts';
import { providerCalls } from '../../counters.ts';
import type { Tx } from '../../db/database.ts';
import { confirmWebhook } from '../../db/webhooks.ts';
import type { Deps } from '../../deps.ts';
import { CUSTOM_RESPONSE } from '../../domain/event/customResponse.ts';
import { recordEvents } from '../../ingest/events/recordEvents.ts';
import { originAttributes } from '../../ingest/feedback/originAttributes.ts';
import { type Delivered, isTooLate, notBegun } from '../../sending/deliver.ts';
import type { CallClaim, MessageOwner } from '../../sending/ledger.ts';
import { recordOutcomes } from '../../sending/recordOutcomes.ts';
import { untilRecorded } from '../../sending/untilRecorded.ts';

/** What to tell a custom channel of one endpoint, claimed. */
export interface CustomStepCall {
  readonly claim: CallClaim;
  readonly message: OutgoingCustom;
}

/** When the claims were committed: `performance.now()`, and the logical time at which they were made. */
export interface ClaimedAt {
  readonly claimed: number;
  readonly logical: Date;
}

/** Tells a custom channel of a step's endpoints, in as few calls as can be, and records what came of it for each. */
export async function callCustom(
  deps: Deps,
  owner: MessageOwner,
  calls: readonly CustomStepCall[],
  at: ClaimedAt,
): Promise<Delivered[]> {
  const batches = Array.from({ length: Math.ceil(calls.length / MOST_ENDPOINTS_PER_CALL) }, (_, index) =>
    calls.slice(index * MOST_ENDPOINTS_PER_CALL, (index + 1) * MOST_ENDPOINTS_PER_CALL),
  );
  return (await Promise.all(batches.map((batch) => callOnce(deps, owner, batch, at)))).flat();
}

async function callOnce(
  deps: Deps,
  owner: MessageOwner,
  calls: readonly CustomStepCall[],
  { claimed, logical }: ClaimedAt,
): Promise<Delivered[]> {
  const [first, ...others] = calls.map(({ message }) => message);
  if (first === undefined) return [];
  const result = isTooLate(claimed) ? late : await deps.customChannel.call([first, ...others]);
  const { outcome } = result;
  providerCalls.inc({ channel: 'CUSTOM', outcome: outcome.kind });
  const answeredAt = await deps.clock.now();
  const recorded = await untilRecorded(() =>
    deps.db.transaction().execute(async (tx) => {
      const answered = calls.map(({ claim }) => ({ owner, claim, outcome, logical: answeredAt }));
      const states = await recordOutcomes(tx, owner.appId, answered);
      if (result.confirmed) await confirmWebhook(tx, owner.appId, first.deliveryUri, answeredAt);
      await recordAnswers(tx, owner, calls, result, logical);
      return states;
    }),
  );
  return recorded.map((state) => ({ recorded: state, outcome }));
}

const late: CustomResult = { outcome: notBegun, answers: new Map(), confirmed: false };

/**
 * Each endpoint's answer is an event about its message. It counts as arrived when the message was accepted, at its claim:
 * from then on what follows counts, and a split that is judged at once has to see it.
 */
async function recordAnswers(
  tx: Tx,
  owner: MessageOwner,
  calls: readonly CustomStepCall[],
  { answers }: CustomResult,
  acceptedAt: Date,
): Promise<void> {
  const events = calls.flatMap(({ claim, message }) => {
    const said = answers.get(message.origin.endpointId);
    if (said === undefined) return [];
    const { endpointId, journeyRunId: run_id = null } = message.origin;
    const { journeyId: journey_id = null, campaignId: campaign_id = null } = owner;
    return [
      {
        endpointId,
        eventId: claim.messageId,
        type: CUSTOM_RESPONSE,
        occurredAt: acceptedAt,
        occurredAtText: acceptedAt.toISOString(),
        attributes: { ...said, ...originAttributes({ ...owner, journey_id, campaign_id, run_id }) },
        metrics: {},
        details: {},
        message: { owner: owner.owner, seq: claim.seq },
      },
    ];
  });
  await recordEvents(tx, owner.appId, events, acceptedAt, owner.owner);
}
