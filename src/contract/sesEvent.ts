import { z } from 'zod';
import type { FeedbackKind } from '../domain/feedbackKind.ts';
import { emailTags } from '../domain/messageTags.ts';
import { type Feedback, feedbackEventId } from './feedback.ts';
import { parseWith } from './zodProblems.ts';

const timestamp = z.iso.datetime({ offset: true });
const timed = z.looseObject({ timestamp: timestamp.optional() });

/** SES event publishing, as far as it is read: "Contents of event data" in the SES developer guide. */
const sesEvent = z.object({
  eventType: z.string(),
  mail: z.object({
    messageId: z.string(),
    timestamp,
    tags: z.record(z.string(), z.array(z.string())).default({}),
  }),
  delivery: timed.extend({ smtpResponse: z.string().optional() }).optional(),
  open: timed.optional(),
  click: timed
    .extend({
      link: z.string().default(''),
      linkTags: z.record(z.string(), z.array(z.string())).nullish(),
    })
    .optional(),
  bounce: timed.extend({ bounceType: z.string(), bounceSubType: z.string().default('') }).optional(),
  complaint: timed.extend({ complaintFeedbackType: z.string().nullish() }).optional(),
  reject: z.looseObject({ reason: z.string().default('') }).optional(),
  failure: z.looseObject({ errorMessage: z.string().default('') }).optional(),
});

type SesEvent = z.infer<typeof sesEvent>;

interface Reading {
  readonly kind: FeedbackKind;
  readonly type: string;
  /** Pinpoint's `feedback` attribute. */
  readonly word: string;
  readonly at?: string | undefined;
  readonly detail?: string;
  /** What of the event is kept beside its type; never an address. */
  readonly facts?: Readonly<Record<string, string>>;
}

const readings: Readonly<Record<string, (event: SesEvent) => Reading>> = {
  Send: () => ({ kind: 'send', type: '_email.send', word: 'received' }),
  Delivery: ({ delivery }) => ({
    kind: 'delivery',
    type: '_email.delivered',
    word: 'delivered',
    at: delivery?.timestamp,
  }),
  Open: ({ open }) => ({ kind: 'open', type: '_email.open', word: 'opened', at: open?.timestamp }),
  Click: ({ click }) => ({
    kind: 'click',
    type: isUnsubscribe(click) ? '_email.unsubscribe' : '_email.click',
    word: click?.link ?? '',
    at: click?.timestamp,
    facts: { link: click?.link ?? '' },
  }),
  Bounce: ({ bounce }) => ({
    kind: 'bounce',
    type: bounce?.bounceType === 'Permanent' ? '_email.hardbounce' : '_email.softbounce',
    word: bounce?.bounceType === 'Permanent' ? 'hardbounce' : 'softbounce',
    at: bounce?.timestamp,
    detail: `${bounce?.bounceType ?? ''} ${bounce?.bounceSubType ?? ''}`.trim(),
    facts: { bounce_type: bounce?.bounceType ?? '', bounce_sub_type: bounce?.bounceSubType ?? '' },
  }),
  Complaint: ({ complaint }) => ({
    kind: 'complaint',
    type: '_email.complaint',
    word: 'complaint',
    at: complaint?.timestamp,
    facts: { complaint_feedback_type: complaint?.complaintFeedbackType ?? '' },
  }),
  Reject: ({ reject }) => ({
    kind: 'reject',
    type: '_email.rejected',
    word: 'rejected',
    detail: reject?.reason ?? '',
  }),
  'Rendering Failure': () => ({
    kind: 'renderingFailure',
    type: '_email.rendering_failure',
    word: 'rendering_failure',
  }),
};

/** A link whose anchor carries `ses:tags="unsubscribeLinkTag:…"` counts as unsubscribing. */
function isUnsubscribe(click: SesEvent['click']): boolean {
  return click?.linkTags?.unsubscribeLinkTag !== undefined;
}

/**
 * Reads a notification of SES's event publishing.
 * @returns null for what is none of ours: another sender's e-mail, an event without a Pinpoint type
 * @throws RepointError BadRequest when it is malformed
 */
export function readSesEvent(json: unknown): Feedback | null {
  const event = parseWith(sesEvent, json, 'Message', { quote: false });
  const { mail, eventType } = event;
  const [messageId] = mail.tags[emailTags.messageId] ?? [];
  const [appId] = mail.tags[emailTags.appId] ?? [];
  const reading = Object.hasOwn(readings, eventType) ? readings[eventType]?.(event) : undefined;
  if (messageId === undefined || appId === undefined || reading === undefined) return null;
  return feedbackOf(appId, messageId, event, reading);
}

function feedbackOf(appId: string, messageId: string, event: SesEvent, reading: Reading): Feedback {
  const at = reading.at ?? event.mail.timestamp;
  const link = reading.facts?.link ?? '';
  return {
    appId,
    messageId,
    kind: reading.kind,
    detail: reading.detail ?? null,
    event: {
      eventId: feedbackEventId(event.mail.messageId, event.eventType, at, link),
      type: reading.type,
      occurredAt: new Date(at),
      occurredAtText: at,
      attributes: { feedback: reading.word },
      metrics: {},
      details: {
        mail_event: {
          mail: { message_id: event.mail.messageId, message_send_timestamp: event.mail.timestamp },
          ...reading.facts,
        },
      },
    },
  };
}
