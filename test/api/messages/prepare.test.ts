import { expect, test } from 'vitest';
import type { ChannelMessage } from '../../../src/api/messages/channelMessage.ts';
import { prepare } from '../../../src/api/messages/prepare.ts';
import type { Target } from '../../../src/api/messages/targets.ts';
import { noEndpoint } from '../../../src/sending/unsubscribeLink.ts';

const target: Target = {
  place: ['Addresses', 'token'],
  step: 'send',
  recipient: {
    recipient: 'token',
    endpointId: null,
    participant: null,
    channelType: 'APNS',
    address: 'token',
  },
  own: {},
  source: { address: 'token', channel_type: 'APNS' },
  userAttributes: null,
};
const settings = { appId: 'app', channelType: 'APNS', enabled: true, upstreamAppId: 'up' };
const nothing: ChannelMessage = {
  content: { type: 'PUSH', Default: {} },
  defaults: {},
  substitutions: {},
  choices: {},
};

test.each<[string, Partial<ChannelMessage>]>([
  ['data', { data: { order: '7' } }],
  ['a number on the icon', { platform: { Badge: 0 } }],
  ['silence', { content: { type: 'PUSH', Default: { SilentPush: true } } }],
])('a push may have nothing but %s', (_, message) => {
  const moment = { now: new Date(0), unsubscribe: noEndpoint };
  expect(prepare(target, { ...nothing, ...message }, settings, moment)).toMatchObject({
    channel: 'PUSH',
  });
  expect(prepare(target, nothing, settings, moment)).toMatchObject({
    DeliveryStatus: 'PERMANENT_FAILURE',
    StatusMessage: 'The message has no content',
  });
});

test('an empty override, as in a skeleton of the AWS CLI, leaves the message as it is', () => {
  const own = { TitleOverride: '', BodyOverride: '', RawContent: '' };
  const message = { ...nothing, content: { type: 'PUSH', Default: { Title: 'T', Body: 'B' } } } as const;
  const moment = { now: new Date(0), unsubscribe: noEndpoint };
  expect(prepare({ ...target, own }, message, settings, moment)).toMatchObject({
    kept: { rendered: { title: 'T', body: 'B' } },
  });
});
