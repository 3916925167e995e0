/** What a record of the event stream tells of: an event, or what an attempt to send a message came to. */
export type RecordKind = 'event' | 'send';

/** What of an event only the stream shows; it is kept until the record is sent. */
export interface StreamedFacts {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly facets?: Readonly<Record<string, unknown>>;
}

/** What an attempt to send came to, as it was then: the message itself goes on. */
export interface SendFacts {
  readonly step: string;
  /** EMAIL, SMS, PUSH or CUSTOM. */
  readonly channel: string;
  /** The endpoint's: GCM, APNS … */
  readonly channelType: string;
  readonly journeyId?: string;
  readonly campaignId?: string;
  /** Pinpoint's journey_send_status or campaign_send_status. */
  readonly status: string;
  readonly code?: string;
  readonly message?: string;
}

export type RecordDetail = StreamedFacts | SendFacts;
