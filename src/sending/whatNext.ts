import type { ListedMessage } from '../db/messages/messageList.ts';
import type { MessageState } from '../db/tables/messages.ts';
import { CLAIM_ALIVE_MS, type ClaimTime, PASSWORD_STEP, unknownCallsAllowed } from './ledger.ts';

type Known = Pick<
  ListedMessage,
  | 'state'
  | 'channel_type'
  | 'class'
  | 'owner_kind'
  | 'step'
  | 'claimed_at'
  | 'attempted_at'
  | 'created_at'
  | 'held_until'
  | 'held_for'
  | 'settled_at'
  | 'unknown_calls'
>;

/**
 * What will happen to a message by itself, in words; null when nothing will.
 * @param graceMs how long (logical milliseconds) an unknown waits for a report
 */
export function whatNext(message: Known, now: ClaimTime, graceMs: number): string | null {
  return nextOf[message.state](message, now, graceMs);
}

const nextOf: Record<MessageState, (message: Known, now: ClaimTime, graceMs: number) => string | null> = {
  queued: (message, now) => {
    const { held_until: until, held_for: why, owner_kind: kind } = message;
    if (until !== null && until > now.logical) return `goes from ${until.toISOString()} on: ${why}`;
    return kind === 'request' ? 'goes when its request is repeated, within a day' : 'is tried again';
  },
  claimed: ({ claimed_at: claimedAt }, now) =>
    now.real.getTime() - (claimedAt?.getTime() ?? 0) < CLAIM_ALIVE_MS
      ? 'its call is under way'
      : 'its call was cut off: it becomes unknown unless a report tells more',
  unknown: unknownNext,
  // Nothing is reported of calls
  sent: ({ channel_type: type }) => (type === 'VOICE' ? null : "its provider's report may tell more"),
  delivered: () => null,
  failed: () => null,
  skipped: () => null,
};

function unknownNext(message: Known, _: ClaimTime, graceMs: number): string {
  if (message.settled_at !== null) return "is not sent again; its provider's report still settles it";
  // A campaign does not wait for what became of its unknowns.
  const grace = message.owner_kind === 'campaign' ? 0 : graceMs;
  const graceEnds = (message.attempted_at ?? message.created_at).getTime() + grace;
  const until = `unless its provider's report settles it until ${new Date(graceEnds).toISOString()}`;
  const callsAllowed = message.step === PASSWORD_STEP ? 1 : unknownCallsAllowed[message.class];
  return message.unknown_calls < callsAllowed
    ? `is sent once more, ${until}`
    : `stays unknown and is not sent again, ${until}`;
}
