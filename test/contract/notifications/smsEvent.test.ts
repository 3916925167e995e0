import { expect, it } from 'vitest';
import { readSmsEvent } from '../../../src/contract/notifications/smsEvent.ts';

const event = (eventType: string, more: object = {}) => ({
  eventType,
  eventVersion: '1.0',
  eventTimestamp: 1686975103470,
  isFinal: true,
  originationPhoneNumber: '+12065550152',
  destinationPhoneNumber: '+14255550156',
  isoCountryCode: 'US',
  messageId: '862a8790-60c0-4430-9b2b-658bdexample',
  messageType: 'PROMOTIONAL',
  messageStatus: eventType.replace(/^[A-Z]+_/, ''),
  totalMessageParts: 1,
  totalMessagePrice: 0.09582,
  ...more,
});

it.each([
  ['TEXT_QUEUED', '_SMS.BUFFERED', 'send'],
  ['TEXT_PENDING', '_SMS.BUFFERED', 'send'],
  ['TEXT_SENT', '_SMS.BUFFERED', 'send'],
  ['TEXT_SUCCESSFUL', '_SMS.SUCCESS', 'delivery'],
  ['TEXT_DELIVERED', '_SMS.SUCCESS', 'delivery'],
  ['TEXT_INVALID', '_SMS.FAILURE', 'bounce'],
  ['TEXT_CARRIER_BLOCKED', '_SMS.FAILURE', 'bounce'],
  ['TEXT_TTL_EXPIRED', '_SMS.FAILURE', 'bounce'],
  ['TEXT_UNKNOWN', '_SMS.FAILURE', 'send'],
  ['MEDIA_DELIVERED', '_SMS.SUCCESS', 'delivery'],
])('tells %s as %s, proof of %s', (eventType, type, kind) => {
  expect(readSmsEvent(event(eventType))).toMatchObject({ kind, event: { type } });
});

it("carries the attributes and the price that Pinpoint's record has; phone numbers only for an event stream", () => {
  const read = readSmsEvent(event('TEXT_DELIVERED'));
  expect(read?.event).toMatchObject({
    occurredAtText: '2023-06-17T04:11:43.470Z',
    attributes: { record_status: 'DELIVERED', message_type: 'Promotional', iso_country_code: 'US' },
    metrics: { price_in_millicents_usd: 9582 },
  });
  expect(JSON.stringify({ ...read?.event, streamed: {} })).not.toContain('555');
});

it('takes a failure that is not final for a message on its way', () => {
  expect(readSmsEvent(event('TEXT_CARRIER_UNREACHABLE', { isFinal: false }))).toMatchObject({
    kind: 'send',
    event: { type: '_SMS.BUFFERED' },
  });
});

it("names the message by our id in the context, else by the provider's", () => {
  const context = { repoint_message: 'owner-1-1', repoint_app: 'app1' };
  expect(readSmsEvent(event('TEXT_DELIVERED', { context }))?.message).toEqual({
    appId: 'app1',
    messageId: 'owner-1-1',
  });
  expect(readSmsEvent(event('TEXT_DELIVERED'))?.message).toEqual({
    providerMessageId: '862a8790-60c0-4430-9b2b-658bdexample',
  });
});

it('leaves calls alone, and names what is wrong', () => {
  expect(readSmsEvent(event('VOICE_ANSWERED'))).toBeNull();
  expect(() => readSmsEvent(event('TEXT_SENT', { messageId: 7, context: { a: 1 } }))).toThrow(
    /Message\.messageId.*Message\.context\.a/,
  );
});
