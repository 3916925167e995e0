import type { Tx } from '../../db/database.ts';
import { endEntry, moveEntry } from '../../db/journeys/entries.ts';
import { streamFacts } from '../../db/streams/streamRecords.ts';
import { type Ahead, lookAhead } from '../../domain/journey/ahead.ts';
import { stepById } from '../../domain/journey/stepOf.ts';
import { statusOfSkip } from '../../domain/stream/sendStatus.ts';
import type { SettledClaim } from '../../sending/ledger.ts';
import { sendFacts } from '../../sending/streamSend.ts';
import { isHeldForRate } from './admit.ts';
import { openAhead } from './decide.ts';
import type { Gate } from './gate.ts';
import type { MessageAnswer, MessageInput } from './journeyActivities.ts';
import { recordPassage } from './recordPassage.ts';

/** What follows a message step that was done at an instant. */
export function aheadOf(gate: Gate, input: MessageInput, at: Date): Ahead {
  const step = gate.plan.steps[input.step];
  return lookAhead(gate.plan, gate.entry.id, step && 'next' in step ? step.next : undefined, at.getTime());
}

/** What a recipient's message came to, as far as the step goes. */
export type Settled = Pick<SettledClaim, 'state' | 'reason' | 'acceptedAt' | 'heldFor'>;

/** Every recipient is settled: the step was sent if one of them got it, at the instant of the first accepted claim. */
export async function finishMessage(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  settled: readonly Settled[],
  now: Date,
): Promise<MessageAnswer> {
  const accepted = settled.filter(
    ({ state, acceptedAt }) => (state === 'sent' || state === 'delivered') && acceptedAt,
  );
  if (accepted.length > 0) {
    const at = Math.min(...accepted.flatMap(({ acceptedAt }) => acceptedAt?.getTime() ?? []));
    const waited = accepted.some(({ heldFor }) => heldFor !== null && !isHeldForRate(heldFor));
    const outcome = { is: 'sent', reason: waited ? 'QUIET_TIME_WAIT_FINISHED' : null } as const;
    return await commitMessage(tx, gate, input, outcome, new Date(at), now);
  }
  const worst = (['unknown', 'failed'] as const).find((is) => settled.some(({ state }) => state === is));
  const reasons = new Set(settled.flatMap(({ reason }) => reason ?? []));
  const outcome = { is: worst ?? 'skipped', reason: [...reasons].join(', ') } as const;
  return await commitMessage(tx, gate, input, outcome, now, now);
}

/**
 * What became of a message step for its participant. `unknown`: nobody can tell whether it was received. `failed`: the
 * provider refused it.
 */
type Outcome =
  | { readonly is: 'sent'; readonly reason: string | null }
  | { readonly is: 'unknown' | 'failed' | 'skipped'; readonly reason: string };

/** The step is passed over, for a reason that stands in the participant's record. */
export async function skipMessage(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  reason: string,
  now: Date,
): Promise<MessageAnswer> {
  await tellOfSkip(tx, gate, input, reason, now);
  return await commitMessage(tx, gate, input, { is: 'skipped', reason }, now, now);
}

/** For the event stream: of a step that has nobody to write to, the ledger tells nothing. */
async function tellOfSkip(tx: Tx, gate: Gate, input: MessageInput, reason: string, now: Date): Promise<void> {
  const channel = stepById(gate.document, input.step)?.kind.toUpperCase() ?? '';
  const owner = { owner: gate.entry.id, step: input.step, channel, journeyId: gate.journey.id } as const;
  const recipient = { endpointId: gate.entry.endpoint_id, channelType: channel };
  await streamFacts(tx, input.appId, sendFacts(owner, recipient, statusOfSkip(reason)), now);
}

async function commitMessage(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  outcome: Outcome,
  at: Date,
  now: Date,
): Promise<MessageAnswer> {
  const kind = gate.plan.steps[input.step]?.k ?? 'message';
  await recordPassage(tx, gate, input, {
    step: input.step,
    kind,
    at,
    decision: outcome.is,
    reason: outcome.reason,
  });
  if (input.last) await endEntry(tx, gate.entry, input.step, 'COMPLETED', now);
  else {
    const ahead = aheadOf(gate, input, at);
    await openAhead(tx, gate.entry, ahead, now);
    await moveEntry(tx, gate.entry, input.step, ahead);
  }
  return { is: outcome.is === 'sent' ? 'sent' : 'skipped', at: at.getTime() };
}
