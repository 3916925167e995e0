import { z } from 'zod';
import type { FeedbackKind } from '../../domain/feedbackKind.ts';
import type { FeedbackWord } from '../../domain/feedbackWord.ts';
import { emailTags } from '../../domain/messageTags.ts';
import { parseWith } from '../zodProblems.ts';
import { emailFacets } from './emailFacets.ts';
import { type Feedback, feedbackEventId } from './feedback.ts';

const timestamp = z.iso.datetime({ offset: true });
const timed = z.looseObject({ timestamp: timestamp.optional() });
const word = z.string().nullish();
const reader = timed.extend({ ipAddress: word, userAgent: word });

/** SES event publishing, as far as it is read: "Contents of event data" in the SES developer guide. */
const sesEvent = z.object({
  eventType: z.string(),
  mail: z.object({
    messageId: z.string(),
    timestamp,
    tags: z.record(z.string(), z.array(z.string())).default({}),
  }),
  delivery: timed
    .extend({ smtpResponse: word, reportingMTA: word, processingTimeMillis: z.number().nullish() })
    .optional(),
  open: reader.optional(),
  click: reader
    .extend({
      link: z.string().default(''),
      linkTags: z.record(z.string(), z.array(z.string())).nullish(),
    })
    .optional(),
  bounce: timed.extend({ bounceType: z.string(), bounceSubType: z.string().default('') }).optional(),
  complaint: timed.extend({ complaintFeedbackType: word, complaintSubType: word }).optional(),
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
  readonly says?: FeedbackWord | null;
  /** The member of Pinpoint's `mail_event` that tells of it; never an address. */
  readonly facts: Readonly<Record<string, object>>;
}

const readings: Readonly<Record<string, (event: SesEvent) => Reading>> = {
  Send: () => ({ kind: 'send', type: '_email.send', word: 'received', facts: { send: {} } }),
  Delivery: ({ delivery }) => ({
    kind: 'delivery',
    type: '_email.delivered',
    word: 'delivered',
    at: delivery?.timestamp,
    facts: {
      delivery: facts({
        smtp_response: delivery?.smtpResponse,
        reporting_mta: delivery?.reportingMTA,
        processing_time_millis: delivery?.processingTimeMillis,
      }),
    },
  }),
  Open: ({ open }) => ({
    kind: 'open',
    type: '_email.open',
    word: 'opened',
    at: open?.timestamp,
    facts: { open: readerOf(open) },
  }),
  Click: ({ click }) => ({
    ...(isUnsubscribe(click) ? unsubscribing : clicking),
    word: click?.link ?? '',
    at: click?.timestamp,
    facts: { click: { ...readerOf(click), link: click?.link ?? '' } },
  }),
  Bounce: ({ bounce }) => ({
    ...(bounce?.bounceType === 'Permanent' ? hardBounce : softBounce),
    kind: 'bounce',
    at: bounce?.timestamp,
    detail: `${bounce?.bounceType ?? ''} ${bounce?.bounceSubType ?? ''}`.trim(),
    facts: {
      bounce: { bounce_type: bounce?.bounceType ?? '', bounce_sub_type: bounce?.bounceSubType ?? '' },
    },
  }),
  Complaint: ({ complaint }) => ({
    kind: 'complaint',
    type: '_email.complaint',
    word: 'complaint',
    at: complaint?.timestamp,
    // what a mail program reports when somebody takes an e-mail out of its spam folder
    says: complaint?.complaintFeedbackType === 'not-spam' ? null : 'complaint',
    facts: { complaint: facts({ complaint_feedback_type: complaint?.complaintFeedbackType }) },
  }),
  Reject: ({ reject }) => ({
    kind: 'reject',
    type: '_email.rejected',
    word: 'rejected',
    detail: reject?.reason ?? '',
    facts: { reject: { reason: reject?.reason ?? '' } },
  }),
  'Rendering Failure': () => ({
    kind: 'renderingFailure',
    type: '_email.rendering_failure',
    word: 'rendering_failure',
    facts: { rendering_failure: {} },
  }),
};

const clicking = { kind: 'click', type: '_email.click' } as const;
const unsubscribing = { kind: 'unsubscribe', type: '_email.unsubscribe', says: 'unsubscribe' } as const;
const hardBounce = { type: '_email.hardbounce', word: 'hardbounce', says: 'hardBounce' } as const;
const softBounce = { type: '_email.softbounce', word: 'softbounce' } as const;

function readerOf(read: SesEvent['open']): object {
  return facts({ ip_address: read?.ipAddress, user_agent: read?.userAgent });
}

/** What was told, without what was not. */
function facts(given: Readonly<Record<string, string | number | null | undefined>>): object {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
  );
}

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
  const feedback = feedbackOf(appId, messageId, event, reading);
  const facets = emailFacets(json);
  return facets ? { ...feedback, event: { ...feedback.event, streamed: { facets } } } : feedback;
}

function feedbackOf(appId: string, messageId: string, event: SesEvent, reading: Reading): Feedback {
  const at = reading.at ?? event.mail.timestamp;
  return {
    message: { appId, messageId },
    kind: reading.kind,
    detail: reading.detail ?? null,
    word: reading.says ?? null,
    event: {
      eventId: feedbackEventId(event.mail.messageId, event.eventType, at, event.click?.link ?? ''),
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
