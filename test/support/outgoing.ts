import type { OutgoingEmail, OutgoingPush, OutgoingSms } from '../../src/channels/channel.ts';
import type { OutgoingCustom } from '../../src/channels/custom/customChannel.ts';

const base = {
  messageId: '019a0000-0000-7000-8000-000000000001-1-1',
  appId: '0123456789abcdef0123456789abcdef',
  origin: { journeyId: 'journey1', activityId: 'WelcomeEmail', endpointId: 'user123-email' },
} as const;

export function aCustom(change: Partial<OutgoingCustom> = {}): OutgoingCustom {
  return {
    ...base,
    channel: 'CUSTOM',
    origin: {
      journeyId: 'journey1',
      activityId: 'Hook',
      journeyRunId: 'run1',
      endpointId: 'user123-custom',
    },
    deliveryUri: 'https://hook.test/',
    isConfirmed: false,
    data: 'hello',
    scheduledTime: '2026-02-12T10:30:00.000Z',
    endpoint: { ChannelType: 'CUSTOM', Address: 'ann' },
    ...change,
  };
}

export function anEmail(change: Partial<OutgoingEmail> = {}): OutgoingEmail {
  return {
    ...base,
    channel: 'EMAIL',
    from: 'shop@example.com',
    to: 'ann@example.com',
    content: { kind: 'simple', subject: 'Welcome', html: '<p>Hello</p>', text: 'Hello' },
    ...change,
  };
}

export function anSms(change: Partial<OutgoingSms> = {}): OutgoingSms {
  return {
    ...base,
    channel: 'SMS',
    upstreamAppId: 'upstream1',
    to: '+15550100',
    body: 'Hello',
    messageType: 'TRANSACTIONAL',
    ...change,
  };
}

export function aPush(change: Partial<OutgoingPush> = {}): OutgoingPush {
  return {
    ...base,
    channel: 'PUSH',
    upstreamAppId: 'upstream1',
    channelType: 'APNS',
    token: 'device-token',
    title: 'Come back',
    body: 'We miss you',
    ...change,
  };
}
