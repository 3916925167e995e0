import { expect, test } from 'vitest';
import { countLines, messageLines } from '../../src/cli/messageText.ts';

const message = {
  MessageId: 'm',
  CreatedAt: '2026-03-01T10:00:00.000Z',
  State: 'unknown',
  Reason: 'socket hang up',
  Next: 'is not sent again',
  EndpointId: 'ann-email',
  Address: null,
  ChannelType: 'EMAIL',
  Class: 'marketing',
  SentBy: 'journey',
  JourneyId: 'j1',
  CampaignId: null,
  Step: 'Welcome',
  Attempts: 2,
  AttemptedAt: null,
  AcceptedAt: null,
  SettledAt: null,
  Template: 'welcome version 1',
} as const;

test('a message is told by when, state, whom, by which step, attempts and why, and below its id and what happens next', () => {
  expect(messageLines({ Messages: [message], NextToken: 'abc' })).toEqual([
    '2026-03-01T10:00:00.000Z  unknown    EMAIL to ann-email  Welcome of journey j1  2 attempts  socket hang up',
    '  m  is not sent again',
    'There are more: --token abc',
  ]);
});

test('a request’s message to an address names it, and a line is left out where there is nothing to say', () => {
  const sent = { ...message, State: 'delivered', Reason: null, Next: null, EndpointId: null } as const;
  const ofRequest = { ...sent, Address: 'ann@example.com', SentBy: 'request', Attempts: 1 } as const;
  expect(messageLines({ Messages: [ofRequest] })).toEqual([
    '2026-03-01T10:00:00.000Z  delivered  EMAIL to ann@example.com  a request  1 attempt',
    '  m',
  ]);
  expect(messageLines({ Messages: [] })).toEqual(['no messages']);
});

test('counts stand below each other', () => {
  expect(countLines({ sent: 12, unknown: 1 })).toEqual(['sent              12', 'unknown            1']);
});
