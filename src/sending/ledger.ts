import type { Channel } from '../domain/channel.ts';
import type { Rendered } from '../templates/rendered.ts';

/** A claim younger than this (real time) is alive: its caller may still be waiting for the provider. */
export const CLAIM_ALIVE_MS = 12_000;

/** How many calls of unknown outcome a message may have had before it is settled as unknown. */
export const unknownCallsAllowed = { marketing: 1, transactional: 2 } as const;

/** Why nothing is sent to an address that is on the suppression list. */
export const SUPPRESSED = 'SUPPRESSED';

/** The step of a one-time password in the ledger: another call would be another code, so nobody but its caller makes one. */
export const PASSWORD_STEP = 'send-otp';

/** Whose message it is, and by which rules an unknown outcome is settled. */
export interface MessageOwner {
  readonly appId: string;
  /** Entry, campaign run or request: a uuid v7. */
  readonly owner: string;
  readonly kind: 'entry' | 'campaign' | 'request';
  readonly step: string;
  readonly channel: Channel;
  /** Marketing: at most one call whose outcome is unknown. Transactional: one more after the grace. */
  readonly class: 'marketing' | 'transactional';
  readonly journeyId?: string;
  readonly campaignId?: string;
  /** How long (logical milliseconds) the provider is given to tell what became of an unknown. */
  readonly graceMs: number;
  /** Whether what a message said is kept when it is settled; false where nothing is said. */
  readonly keepsBody?: boolean;
  /** The template of all its messages, where that is known as they are claimed. */
  readonly template?: TemplateVersion | undefined;
}

export interface TemplateVersion {
  readonly name: string;
  readonly version: number;
}

export interface Recipient {
  /** Unique within the owner's step: the endpoint's id, or the address where there is no endpoint. */
  readonly recipient: string;
  readonly endpointId: string | null;
  readonly participant: string | null;
  readonly channelType: string;
  readonly address: string;
  /** What a request's Context says of the message to them: it comes back with the message's events. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The right to make one provider call; its answer goes to `recordOutcome`. */
export interface CallClaim {
  readonly kind: 'call';
  readonly recipient: Recipient;
  readonly seq: number;
  readonly attempt: number;
  readonly messageId: string;
  /** What an earlier attempt kept: sent again as it was. */
  readonly rendered: Rendered | null;
}

export interface SettledClaim {
  readonly kind: 'settled';
  readonly recipient: Recipient;
  readonly state: 'sent' | 'delivered' | 'failed' | 'skipped' | 'unknown';
  readonly reason: string | null;
  readonly acceptedAt: Date | null;
  /** Why it was held before, if it was. */
  readonly heldFor: string | null;
  readonly providerMessageId: string | null;
}

/** Somebody's live claim, an unknown in its grace, or one that is held: ask again at `until` (logical time). */
export interface WaitClaim {
  readonly kind: 'wait';
  readonly recipient: Recipient;
  readonly until: Date;
  /** Why it is held; null where something else is waited for. */
  readonly heldFor: string | null;
}

export type Claim = CallClaim | SettledClaim | WaitClaim;

/** Both clocks: facts are logical, a claim's age is real. */
export interface ClaimTime {
  readonly logical: Date;
  readonly real: Date;
}

/** What names one message in the ledger. */
export interface MessageKey {
  readonly owner: string;
  readonly seq: number;
}

/** The id on the wire, `owner-seq-attempt`: letters, digits and dashes only, as SES tags demand. */
export function formatMessageId(key: MessageKey, attempt: number): string {
  return `${key.owner}-${key.seq}-${attempt}`;
}

const messageIdForm = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,9})-(\d{1,9})$/;

/** Reads an id that came back from a provider; null for one that is not ours. */
export function parseMessageId(text: string): (MessageKey & { attempt: number }) | null {
  const [, owner, seq, attempt] = messageIdForm.exec(text) ?? [];
  if (owner === undefined) return null;
  return { owner, seq: Number(seq), attempt: Number(attempt) };
}
