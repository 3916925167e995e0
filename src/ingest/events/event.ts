import type { ReportedEvent } from '../../contract/event.ts';
import type { Participant } from '../../domain/participant.ts';
import type { StreamedFacts } from '../../domain/stream/record.ts';

/** An event as an app, a phone or a provider tells it. Unique by endpoint, event id, type and timestamp. */
export interface IncomingEvent extends ReportedEvent {
  readonly endpointId: string;
  readonly eventId: string;
  /** The message it is about, where the provider told; with its step, where it was read already. */
  readonly message?: { readonly owner: string; readonly seq: number; readonly step?: string };
  /** What only the event stream shows of it. */
  readonly streamed?: StreamedFacts;
}

/** The message an event is about, and the step that sent it. */
export interface EventMessage {
  readonly owner: string;
  readonly seq: number;
  readonly step: string;
}

/** An event with whose it is, and the message it is about. */
export interface StoredEvent extends Omit<IncomingEvent, 'message'> {
  readonly id: string;
  readonly participant: Participant;
  readonly message: EventMessage | null;
}
