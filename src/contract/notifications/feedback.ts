import { createHash } from 'node:crypto';
import type { FeedbackKind } from '../../domain/feedbackKind.ts';
import type { FeedbackWord } from '../../domain/feedbackWord.ts';
import type { StreamedFacts } from '../../domain/stream/record.ts';
import type { ReportedEvent } from '../event.ts';

/** How a report names its message: by our id on the wire, `owner-seq-attempt`, or by the provider's own. */
export type ReportedMessage =
  | { readonly appId: string; readonly messageId: string }
  | { readonly providerMessageId: string };

/** What a provider reports of one of our messages, in Pinpoint's words. */
export interface Feedback {
  readonly message: ReportedMessage;
  /** What it proves of the message; null where it proves nothing. */
  readonly kind: FeedbackKind | null;
  /** Why, for a failure. */
  readonly detail: string | null;
  /** What it says of the address; null where it says nothing. */
  readonly word: FeedbackWord | null;
  readonly event: FeedbackEvent;
}

export interface FeedbackEvent extends ReportedEvent {
  /** The same for a repeated notification. */
  readonly eventId: string;
  /** What only the event stream shows of it: addresses and headers too. */
  readonly streamed?: StreamedFacts;
}

/** An event id out of what tells two notifications of a provider apart: a repeat gets the same one. */
export function feedbackEventId(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
