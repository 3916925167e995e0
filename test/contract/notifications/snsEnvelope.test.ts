import { expect, it } from 'vitest';
import { parseSnsEnvelope } from '../../../src/contract/notifications/snsEnvelope.ts';

const wanted = 'what SNS posts is a JSON object with Type, TopicArn, Message and Signature';

it.each([
  ['', 'empty'],
  ['hello', 'not valid JSON (a character that cannot stand there)'],
  ['{"Type": "Notifi', 'not valid JSON (position 16 (line 1 column 17))'],
  ['{"Type":', 'not valid JSON (it ends too early)'],
  ['[]', 'not a JSON object'],
  [
    '{"eventType": "Open", "mail": {}}',
    'an event without its envelope: switch raw message delivery of the subscription off',
  ],
])('%j is told what it is, and what comes from SNS', (body, what) => {
  expect(() => parseSnsEnvelope(body)).toThrow(`request body: ${what}; ${wanted}`);
});

it('an envelope of which something is missing has each member named', () => {
  expect(() => parseSnsEnvelope('{"Type": "Notification"}')).toThrow(/SNS envelope\.MessageId: is required/);
});
