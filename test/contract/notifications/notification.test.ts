import { describe, expect, it } from 'vitest';
import { parseNotification } from '../../../src/contract/notifications/notification.ts';

const sesEvent = {
  eventType: 'Send',
  mail: {
    timestamp: '2026-11-23T10:00:00.000Z',
    messageId: 'ses-1',
    tags: { 'repoint-message': ['owner-1-1'], 'repoint-app': ['app1'] },
  },
};
const smsRecord = {
  event_type: '_SMS.SUCCESS',
  event_timestamp: 1795428000000,
  attributes: { customer_context: JSON.stringify({ repoint_message: 'owner-1-1', repoint_app: 'app1' }) },
};
const smsEvent = {
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: 1795428000000,
  messageId: 'sms-1',
};
const inEventBridge = (detail: object) => ({ 'detail-type': 'Email Sent', source: 'aws.ses', detail });
const inKinesis = (record: object) => ({
  kinesisSchemaVersion: '1.0',
  partitionKey: 'e1',
  eventSource: 'aws:kinesis',
  data: Buffer.from(JSON.stringify(record)).toString('base64'),
});
const parse = (notification: object) => parseNotification(JSON.stringify(notification));

it.each([
  ['_email.send', sesEvent],
  ['_email.send', inEventBridge(sesEvent)],
  ['_SMS.SUCCESS', smsRecord],
  ['_SMS.SUCCESS', inKinesis(smsRecord)],
  ['_SMS.SUCCESS', smsEvent],
  ['_SMS.SUCCESS', inEventBridge(smsEvent)],
])('tells %s by what the notification holds, whichever door it came by', (type, notification) => {
  expect(parse(notification)).toMatchObject({ is: 'feedback', feedback: { event: { type } } });
});

it('keeps a notification whose texts Postgres would refuse, in characters that it takes', () => {
  const open = { timestamp: '2026-11-23T11:00:00.000Z', userAgent: 'Mail\0er \uD83D', ipAddress: '10.0.0.1' };
  expect(parse({ ...sesEvent, eventType: 'Open', open })).toMatchObject({
    feedback: { event: { details: { mail_event: { open: { user_agent: 'Mail\uFFFDer \uFFFD' } } } } },
  });
});

it('tells what somebody wrote', () => {
  const payload = {
    originationNumber: '+15550100',
    destinationNumber: '+15550199',
    messageKeyword: 'KEYWORD_1',
    messageBody: 'Stop',
    inboundMessageId: 'in-1',
    previousPublishedMessageId: 'sms-1',
  };
  const reply = { phoneNumber: '+15550100', text: 'Stop', id: 'in-1', answers: 'sms-1' };
  expect(parse(payload)).toEqual({ is: 'reply', reply });
});

it('leaves alone what is about messages of others, and the greeting of SES', () => {
  expect(parse({ ...sesEvent, mail: { ...sesEvent.mail, tags: {} } })).toBeNull();
  expect(parseNotification('Successfully validated SNS topic for Amazon SES event publishing.\n')).toBeNull();
});

it.each(['a\u0000b', 'a\ud800b'])('replaces what no database takes: %j', (link) => {
  const told = parse({ ...sesEvent, eventType: 'Click', click: { link, [link]: link } });
  expect(told).toMatchObject({ feedback: { event: { attributes: { feedback: 'a\ufffdb' } } } });
  expect(JSON.stringify(told)).not.toMatch(/\\u0000|\\ud800/);
  const smsContext = JSON.stringify({ repoint_message: 'owner-1-1', repoint_app: 'app1', theirs: link });
  const sms = parse({ ...smsRecord, attributes: { customer_context: smsContext } });
  expect(JSON.stringify(sms)).not.toMatch(/u0000|ud800/);
});

it('leaves alone records of another kind that the same stream has, whatever is in them', () => {
  const session = { event_type: '_session.start', event_timestamp: 1, attributes: { a: null } };
  expect(parse(session)).toBeNull();
});

it.each([
  ['configuration set', { notificationType: 'Bounce', mail: {} }],
  ['SubscribeURL', { Type: 'SubscriptionConfirmation', TopicArn: 'arn', SubscribeURL: 'https://x' }],
])('says what to do (%s) where something else comes', (advice, notification) => {
  expect(() => parse(notification)).toThrow(advice);
});

describe('what is no notification that is known', () => {
  it.each([
    '',
    'text',
    '7',
    'null',
    '[]',
    '{}',
    '{"notificationType":"Bounce"}',
    '{"detail-type":"x","detail":7}',
  ])('is refused: %s', (text) => {
    expect(() => parseNotification(text)).toThrow(/Message: no event/);
  });
});
