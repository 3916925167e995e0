import { expect, it } from 'vitest';
import { readSesEvent } from '../../../src/contract/notifications/sesEvent.ts';

const mail = {
  timestamp: '2026-11-23T10:00:00.000Z',
  messageId: 'ses-1',
  destination: ['ann@example.com'],
  tags: { 'repoint-message': ['owner-1-1'], 'repoint-app': ['app1'], 'ses:operation': ['SendEmail'] },
};
const at = '2026-11-23T11:00:00.000Z';
const parse = (event: object) => readSesEvent({ mail, ...event });

it.each([
  [{ eventType: 'Send', send: {} }, 'send', '_email.send', mail.timestamp],
  [{ eventType: 'Delivery', delivery: { timestamp: at } }, 'delivery', '_email.delivered', at],
  [{ eventType: 'Open', open: { timestamp: at } }, 'open', '_email.open', at],
  [{ eventType: 'Click', click: { timestamp: at, link: 'https://a.example' } }, 'click', '_email.click', at],
  [
    { eventType: 'Click', click: { timestamp: at, link: 'x', linkTags: { unsubscribeLinkTag: ['click'] } } },
    'unsubscribe',
    '_email.unsubscribe',
    at,
  ],
  [
    { eventType: 'Bounce', bounce: { timestamp: at, bounceType: 'Permanent' } },
    'bounce',
    '_email.hardbounce',
    at,
  ],
  [
    { eventType: 'Bounce', bounce: { timestamp: at, bounceType: 'Transient' } },
    'bounce',
    '_email.softbounce',
    at,
  ],
  [
    { eventType: 'Bounce', bounce: { timestamp: at, bounceType: 'Undetermined' } },
    'bounce',
    '_email.softbounce',
    at,
  ],
  [{ eventType: 'Complaint', complaint: { timestamp: at } }, 'complaint', '_email.complaint', at],
  [{ eventType: 'Reject', reject: { reason: 'Bad content' } }, 'reject', '_email.rejected', mail.timestamp],
  [
    { eventType: 'Rendering Failure', failure: { errorMessage: 'x' } },
    'renderingFailure',
    '_email.rendering_failure',
    mail.timestamp,
  ],
])('reads %j', (event, kind, type, occurredAtText) => {
  expect(parse(event)).toMatchObject({
    message: { appId: 'app1', messageId: 'owner-1-1' },
    kind,
    event: { type, occurredAtText, occurredAt: new Date(occurredAtText) },
  });
});

it('gives a repeated notification the same event id, and others another', () => {
  const idOf = (event: object) => parse(event)?.event.eventId;
  const click = { eventType: 'Click', click: { timestamp: at, link: 'https://a.example' } };
  expect(idOf(click)).toBe(idOf(structuredClone(click)));
  const others = [
    { eventType: 'Open', open: { timestamp: at } },
    { eventType: 'Click', click: { timestamp: at, link: 'https://b.example' } },
    { eventType: 'Click', click: { timestamp: mail.timestamp, link: 'https://a.example' } },
  ];
  expect(new Set([click, ...others].map(idOf)).size).toBe(4);
});

it("keeps what Pinpoint's mail_event tells of opens, clicks, bounces and deliveries", () => {
  const facts = (event: object) => parse(event)?.event.details.mail_event;
  const reader = { timestamp: at, ipAddress: '192.0.2.1', userAgent: 'Mozilla/5.0' };
  const read = { ip_address: '192.0.2.1', user_agent: 'Mozilla/5.0' };
  expect(facts({ eventType: 'Open', open: reader })).toMatchObject({ open: read });
  expect(facts({ eventType: 'Click', click: { ...reader, link: 'https://a.example' } })).toMatchObject({
    click: { ...read, link: 'https://a.example' },
  });
  const bounce = { timestamp: at, bounceType: 'Permanent', bounceSubType: 'NoEmail' };
  expect(facts({ eventType: 'Bounce', bounce })).toMatchObject({
    bounce: { bounce_type: 'Permanent', bounce_sub_type: 'NoEmail' },
  });
  const delivery = { timestamp: at, smtpResponse: '250 OK', reportingMTA: 'a8', processingTimeMillis: 5 };
  expect(facts({ eventType: 'Delivery', delivery })).toMatchObject({
    delivery: { smtp_response: '250 OK', reporting_mta: 'a8', processing_time_millis: 5 },
  });
});

it('keeps no address, but for an event stream until it is told', () => {
  const bounced = {
    timestamp: at,
    bounceType: 'Permanent',
    bouncedRecipients: [{ emailAddress: 'ann@example.com' }],
  };
  const { streamed, ...kept } = parse({ eventType: 'Bounce', bounce: bounced })?.event ?? {};
  expect(JSON.stringify(kept)).not.toContain('ann@example.com');
  expect(JSON.stringify(streamed)).toContain('ann@example.com');
});

it('leaves alone what is none of ours', () => {
  expect(parse({ eventType: 'Send', mail: { ...mail, tags: {} } })).toBeNull();
  expect(parse({ eventType: 'DeliveryDelay' })).toBeNull();
  expect(parse({ eventType: 'constructor' })).toBeNull();
});

it('names every member that is wrong', () => {
  expect(() => parse({ eventType: 'Open', open: { timestamp: 'noon' }, mail: { messageId: 1 } })).toThrow(
    /Message\.mail\.messageId.*Message\.mail\.timestamp.*Message\.open\.timestamp/,
  );
});
