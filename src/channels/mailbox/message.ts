import type { Channel } from '../../domain/channel.ts';
/** What became of a message that the mailbox was given; `accepted` until an event is played back. */
export type MailboxStatus =
  | 'accepted'
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'bounced'
  | 'complained'
  | 'rejected'
  | 'unsubscribed'
  | 'stopped'
  | 'restarted';

/** A message as `GET /messages` shows it; what does not apply to its channel is null. */
export interface MailboxMessage {
  /** The id that the mailbox, as the provider, gave it. */
  readonly id: string;
  readonly channel: Channel;
  readonly to: string;
  readonly from: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly title: string | null;
  readonly body: string | null;
  /** What the device gets, of a push whose payload was given whole (RawContent). */
  readonly payload: string | null;
  /** Those that an e-mail was given beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** SES's EmailTags, or Pinpoint's Context. */
  readonly tags: Readonly<Record<string, string>>;
  readonly appId: string | null;
  readonly journeyId: string | null;
  readonly campaignId: string | null;
  readonly activityId: string | null;
  readonly endpointId: string | null;
  /** ISO 8601, real time. */
  readonly sentAt: string;
  readonly status: MailboxStatus;
}

/** What can be played back, and the status it leaves. The last three are what people do: one click in a mail program, an SMS back. */
export const statusOfEvent = {
  delivery: 'delivered',
  open: 'opened',
  click: 'clicked',
  bounce: 'bounced',
  complaint: 'complained',
  reject: 'rejected',
  unsubscribe: 'unsubscribed',
  stop: 'stopped',
  start: 'restarted',
} as const satisfies Record<string, MailboxStatus>;

export type PlayedEvent = keyof typeof statusOfEvent;

type IdNames = Record<'appId' | 'journeyId' | 'campaignId' | 'activityId' | 'endpointId', string>;

/** The members of a message that come out of its tags or context. */
export function idsFrom(
  tags: Readonly<Record<string, string>>,
  names: IdNames,
): Pick<MailboxMessage, keyof IdNames> {
  return {
    appId: tags[names.appId] ?? null,
    journeyId: tags[names.journeyId] ?? null,
    campaignId: tags[names.campaignId] ?? null,
    activityId: tags[names.activityId] ?? null,
    endpointId: tags[names.endpointId] ?? null,
  };
}
