import type { Tx } from '../db/database.ts';
import { endEntry, moveEntry } from '../db/entries.ts';
import { type Ahead, lookAhead } from '../domain/journey/ahead.ts';
import type { SettledClaim } from '../sending/ledger.ts';
import { openAhead } from './decide.ts';
import { type Gate, recordPassage } from './gate.ts';
import type { MessageAnswer, MessageInput } from './journeyActivities.ts';

/** What follows a message step that was done at an instant. */
export function aheadOf(gate: Gate, input: MessageInput, at: Date): Ahead {
  const step = gate.plan.steps[input.step];
  return lookAhead(gate.plan, step && 'next' in step ? step.next : undefined, at.getTime());
}

/** Every recipient is settled: the step was sent if one of them got it, at the instant of the first accepted claim. */
export async function finishMessage(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  settled: readonly SettledClaim[],
  now: Date,
): Promise<MessageAnswer> {
  const accepted = settled.flatMap(({ state, acceptedAt }) =>
    (state === 'sent' || state === 'delivered') && acceptedAt ? [acceptedAt.getTime()] : [],
  );
  if (accepted.length === 0) {
    const reasons = new Set(
      settled.map(({ state, reason }) => `${state.toUpperCase()}${reason ? ` ${reason}` : ''}`),
    );
    return await skipMessage(tx, gate, input, [...reasons].join(', '), now);
  }
  return await commitMessage(tx, gate, input, 'sent', null, new Date(Math.min(...accepted)), now);
}

/** The step is passed over, for a reason that stands in the participant's record. */
export async function skipMessage(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  reason: string,
  now: Date,
): Promise<MessageAnswer> {
  return await commitMessage(tx, gate, input, 'skipped', reason, now, now);
}

async function commitMessage(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  decision: 'sent' | 'skipped',
  reason: string | null,
  at: Date,
  now: Date,
): Promise<MessageAnswer> {
  const kind = gate.plan.steps[input.step]?.k ?? 'message';
  await recordPassage(tx, gate, input, { step: input.step, kind, at, decision, reason });
  if (input.last) await endEntry(tx, gate.entry, input.step, 'COMPLETED', now);
  else {
    const ahead = aheadOf(gate, input, at);
    await openAhead(tx, gate.entry, ahead, now);
    await moveEntry(tx, gate.entry, input.step, new Date(ahead.wakesAt));
  }
  return { is: decision, at: at.getTime() };
}
