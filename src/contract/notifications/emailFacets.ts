import { z } from 'zod';

/** What of an event the record shows beside the mail, and under which name ("Email events", Pinpoint developer guide). */
const parts = {
  Send: 'send',
  Delivery: 'delivery',
  Open: 'open',
  Click: 'click',
  Bounce: 'bounce',
  Complaint: 'complaint',
  Reject: 'reject',
  'Rendering Failure': 'failure',
} as const;

const facts = z.record(z.string(), z.unknown()).catch({});
const sesEvent = z.looseObject({
  eventType: z.string(),
  mail: z.looseObject({
    messageId: z.string(),
    timestamp: z.string(),
    source: z.string().default(''),
    destination: z.array(z.string()).default([]),
    headersTruncated: z.boolean().default(false),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    commonHeaders: z
      .looseObject({
        from: z.array(z.string()).default([]),
        to: z.array(z.string()).default([]),
        subject: z.string().default(''),
      })
      .default({ from: [], to: [], subject: '' }),
  }),
});

/**
 * The facets of an e-mail's record in the event stream, out of an event of SES.
 * @returns undefined for what is none; the record then has no facets
 */
export function emailFacets(json: unknown): Record<string, unknown> | undefined {
  const parsed = sesEvent.safeParse(json);
  if (!parsed.success) return undefined;
  const { eventType, mail, ...rest } = parsed.data;
  const { from, to, subject } = mail.commonHeaders;
  const part = Object.hasOwn(parts, eventType) ? parts[eventType as keyof typeof parts] : undefined;
  return {
    email_channel: {
      mail_event: {
        mail: {
          message_id: mail.messageId,
          message_send_timestamp: Date.parse(mail.timestamp),
          from_address: mail.source,
          destination: mail.destination,
          headers_truncated: mail.headersTruncated,
          headers: mail.headers,
          common_headers: { from: from.join(', '), to, subject },
        },
        ...(part !== undefined && { [part]: inSnakeCase(facts.parse(rest[part])) }),
      },
    },
  };
}

/** SES's own, which Pinpoint does not show. */
const left = new Set(['timestamp', 'linkTags']);

function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !left.has(name))
      .map(([name, member]) => [
        name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase(),
        inSnakeCase(member),
      ]),
  );
}
