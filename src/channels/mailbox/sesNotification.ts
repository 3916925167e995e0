import type { MailboxMessage, PlayedEvent } from './message.ts';

export type SesEvent = Exclude<PlayedEvent, 'unsubscribe' | 'stop' | 'start'> | 'send';

/** Whether SES tells of such an event. */
export function isSesEvent(event: PlayedEvent): event is Exclude<SesEvent, 'send'> {
  return Object.hasOwn(details, event);
}

/**
 * The notification that SES's event publishing makes of an event.
 * Its form: "Contents of event data" in the SES developer guide.
 * @param link what was clicked
 */
export function sesNotification(
  message: MailboxMessage,
  event: SesEvent,
  at: Date,
  link: string | null,
): object {
  return { ...details[event](message, at.toISOString(), link), mail: mailOf(message) };
}

function mailOf(message: MailboxMessage): object {
  return {
    timestamp: message.sentAt,
    source: message.from,
    sendingAccountId: '000000000000',
    messageId: message.id,
    destination: [message.to],
    headersTruncated: false,
    headers: [],
    commonHeaders: {
      from: [message.from],
      to: [message.to],
      subject: message.subject,
      messageId: message.id,
    },
    tags: Object.fromEntries(Object.entries(message.tags).map(([name, value]) => [name, [value]])),
  };
}

const reader = { ipAddress: '127.0.0.1', userAgent: 'Repoint mailbox' };

const details: Record<SesEvent, (message: MailboxMessage, timestamp: string, link: string | null) => object> =
  {
    send: () => ({ eventType: 'Send', send: {} }),
    delivery: (message, timestamp) => ({
      eventType: 'Delivery',
      delivery: {
        timestamp,
        processingTimeMillis: 1,
        recipients: [message.to],
        smtpResponse: '250 2.0.0 OK',
        reportingMTA: 'mailbox',
      },
    }),
    open: (_, timestamp) => ({ eventType: 'Open', open: { timestamp, ...reader } }),
    click: (_, timestamp, link) => ({
      eventType: 'Click',
      click: { timestamp, ...reader, link: link ?? '', linkTags: null },
    }),
    bounce: (message, timestamp) => ({
      eventType: 'Bounce',
      bounce: {
        timestamp,
        bounceType: 'Permanent',
        bounceSubType: 'General',
        feedbackId: `bounce-${message.id}`,
        bouncedRecipients: [{ emailAddress: message.to, action: 'failed', status: '5.1.1' }],
      },
    }),
    complaint: (message, timestamp) => ({
      eventType: 'Complaint',
      complaint: {
        timestamp,
        feedbackId: `complaint-${message.id}`,
        complaintFeedbackType: 'abuse',
        complainedRecipients: [{ emailAddress: message.to }],
      },
    }),
    reject: () => ({ eventType: 'Reject', reject: { reason: 'Bad content' } }),
  };
