import { expect, it } from 'vitest';
import { readSmsRecord } from '../../../src/contract/notifications/smsRecord.ts';

const record = (type: string, attributes: object = {}) => ({
  event_type: type,
  event_timestamp: Date.parse('2026-11-23T10:00:00Z'),
  attributes: {
    message_id: 'sms-1',
    destination_phone_number: '+15550100',
    record_status: 'DELIVERED',
    customer_context: JSON.stringify({ repoint_message: 'owner-1-1', repoint_app: 'app1' }),
    ...attributes,
  },
  metrics: { price_in_millicents_usd: 645 },
});

it.each([
  ['_SMS.BUFFERED', 'send'],
  ['_SMS.SUCCESS', 'delivery'],
  ['_SMS.FAILURE', 'bounce'],
  ['_SMS.OPTOUT', null],
])('reads %s as proof of %s', (type, kind) => {
  expect(readSmsRecord(record(type))).toMatchObject({
    message: { appId: 'app1', messageId: 'owner-1-1' },
    kind,
    event: {
      type,
      occurredAtText: '2026-11-23T10:00:00.000Z',
      attributes: { record_status: 'DELIVERED', message_id: 'sms-1' },
      metrics: { price_in_millicents_usd: 645 },
    },
  });
});

it('keeps neither the phone number nor the context, but for an event stream until it is told', () => {
  const context = JSON.stringify({ repoint_message: 'owner-1-1', repoint_app: 'app1', userId: 'u4' });
  const read = readSmsRecord(record('_SMS.SUCCESS', { customer_context: context }));
  const { streamed, ...kept } = read?.event ?? {};
  expect(JSON.stringify(kept)).not.toMatch(/\+15550100|customer_context/);
  expect(streamed?.attributes).toMatchObject({
    destination_phone_number: '+15550100',
    customer_context: '{"userId":"u4"}',
  });
});

it('leaves alone records of another kind', () => {
  expect(readSmsRecord(record('_session.start'))).toBeNull();
  expect(readSmsRecord(record('_SMS.SUCCESS', { customer_context: 'x', message_id: '' }))).toBeNull();
});

it.each(['{}', 'x', '[]'])("names the message by the provider's id where the context is %s", (context) => {
  const read = readSmsRecord(record('_SMS.SUCCESS', { customer_context: context }));
  expect(read).toMatchObject({ message: { providerMessageId: 'sms-1' } });
});

it('takes a status that stays unknown for no failure', () => {
  const unknown = record('_SMS.FAILURE', { record_status: 'UNKNOWN' });
  expect(readSmsRecord(unknown)).toMatchObject({ kind: 'send', event: { type: '_SMS.FAILURE' } });
});

it.each([
  ['_SMS.OPTOUT', 'DELIVERED'],
  ['_SMS.FAILURE', 'OPTED_OUT'],
])('hears an opt-out in %s with status %s', (type, record_status) => {
  expect(readSmsRecord(record(type, { record_status }))).toMatchObject({ word: 'stop' });
});

it('refuses what is no record', () => {
  expect(() => readSmsRecord('text')).toThrow(/Message/);
  expect(() => readSmsRecord({ ...record('_SMS.SUCCESS'), event_timestamp: 1e300 })).toThrow(
    /event_timestamp/,
  );
});
