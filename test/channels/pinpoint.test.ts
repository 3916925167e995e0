import { describe, expect, it } from 'vitest';
import { messagesRequest, outcomeOfResult } from '../../src/channels/pinpoint.ts';
import { anSms, aPush } from '../support/outgoing.ts';

const expired = JSON.stringify({
  errorMessage: 'Unregistered or expired token',
  channelType: 'APNS',
  pushProviderStatusCode: '400',
  pushProviderError: 'BadDeviceToken',
});

describe("what Pinpoint's word about one address comes to", () => {
  it.each([
    ['SUCCESSFUL', 200, 'ok', { kind: 'accepted', providerMessageId: 'm1' }],
    ['THROTTLED', 429, 'slow', { kind: 'throttled', reason: 'slow' }],
    ['TEMPORARY_FAILURE', 400, 'later', { kind: 'throttled', reason: 'later' }],
    ['TEMPORARY_FAILURE', 503, 'hm', { kind: 'unknown', reason: 'hm' }],
    ['UNKNOWN_FAILURE', 500, 'hm', { kind: 'unknown', reason: 'hm' }],
    ['OPT_OUT', 400, 'no', { kind: 'refused', statusCode: 400, code: 'OPT_OUT', reason: 'no' }],
  ] as const)('%s with %i', (DeliveryStatus, StatusCode, StatusMessage, outcome) => {
    const result = { DeliveryStatus, StatusCode, StatusMessage, MessageId: 'm1' };
    expect(outcomeOfResult(result)).toEqual(outcome);
  });

  it('is unknown without a word about the address', () => {
    expect(outcomeOfResult(undefined)).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    [410, 'gone', 'gone'],
    [410, expired, 'foreign'],
    [400, expired, 'foreign'],
    [400, expired.replace('BadDeviceToken', 'Unregistered'), 'gone'],
  ])('a permanent failure with %i is a dead token: %s', (StatusCode, StatusMessage, deadAddress) => {
    const outcome = outcomeOfResult({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode, StatusMessage });
    expect(outcome).toMatchObject({ kind: 'refused', deadAddress });
  });

  it('a permanent failure of another kind says nothing of the token', () => {
    const result = { DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400, StatusMessage: 'Bad credentials' };
    expect(outcomeOfResult({ ...result, DeliveryStatus: 'PERMANENT_FAILURE' })).not.toHaveProperty(
      'deadAddress',
    );
  });

  it('tells the token by which the device is known from now on', () => {
    const outcome = outcomeOfResult({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200, UpdatedToken: 'new' });
    expect(outcome).toMatchObject({ kind: 'accepted', updatedToken: 'new' });
  });
});

describe('the request', () => {
  it('carries the Context and TraceId that were given, beside our own ids, which win', () => {
    const given = { context: { order: '1', repoint_message: 'not mine' }, traceId: 'trace1', origin: {} };
    const { messageId: repoint_message, appId: repoint_app } = anSms();
    for (const message of [anSms(given), aPush(given)]) {
      expect(messagesRequest(message).MessageRequest).toMatchObject({
        Context: { order: '1', repoint_message, repoint_app },
        TraceId: 'trace1',
      });
    }
  });

  it('has what an SMS was given, and none of what it was not', () => {
    const choices = {
      ...{
        senderId: 'Shop',
        originationNumber: '+15550199',
        keyword: 'SALE',
        mediaUrl: 'https://i.test/a.png',
      },
      ...{ entityId: 'E1', templateId: 'T1', messageType: 'PROMOTIONAL' as const },
    };
    const { MessageConfiguration } = messagesRequest(anSms(choices)).MessageRequest ?? {};
    expect(MessageConfiguration?.SMSMessage).toEqual({
      Body: 'Hello',
      MessageType: 'PROMOTIONAL',
      SenderId: 'Shop',
      OriginationNumber: '+15550199',
      Keyword: 'SALE',
      MediaUrl: 'https://i.test/a.png',
      EntityId: 'E1',
      TemplateId: 'T1',
    });
  });

  it('of a call has the words, who says them, and the number that calls', () => {
    const spoken = { body: 'Hello', languageCode: 'en-GB', voiceId: 'Amy', originationNumber: '+15550199' };
    const { channel, ...sms } = anSms();
    const { MessageRequest } = messagesRequest({ ...sms, channel: 'VOICE', ...spoken });
    expect(MessageRequest?.Addresses).toEqual({ '+15550100': { ChannelType: 'VOICE' } });
    expect(MessageRequest?.MessageConfiguration).toEqual({
      VoiceMessage: { Body: 'Hello', LanguageCode: 'en-GB', VoiceId: 'Amy', OriginationNumber: '+15550199' },
    });
  });

  it('of a push replaces itself on the device when it comes again, except by FCM, which would lose others for it', () => {
    const collapsing = (channelType: 'APNS' | 'GCM' | 'ADM', messageId: string) => {
      const sent = messagesRequest(aPush({ channelType, messageId })).MessageRequest?.MessageConfiguration;
      return (
        sent?.APNSMessage?.CollapseId ?? sent?.ADMMessage?.ConsolidationKey ?? sent?.GCMMessage?.CollapseKey
      );
    };
    for (const channelType of ['APNS', 'ADM'] as const) {
      expect(collapsing(channelType, 'm-1-1')).toBe('m-1');
      expect(collapsing(channelType, 'm-1-2')).toBe('m-1');
    }
    expect(collapsing('GCM', 'm-1-1')).toBeUndefined();
  });

  it.each([
    ['APNS_VOIP', 'APNSMessage', { MediaUrl: 'i', TimeToLive: 60, CollapseId: 'mine', Badge: 3 }],
    ['GCM', 'GCMMessage', { ImageUrl: 'i', ImageIconUrl: 'j', SmallImageIconUrl: 'k', TimeToLive: 60 }],
    ['ADM', 'ADMMessage', { ImageUrl: 'i', ImageIconUrl: 'j', SmallImageIconUrl: 'k', ExpiresAfter: '60' }],
    ['BAIDU', 'BaiduMessage', { ImageUrl: 'i', ImageIconUrl: 'j', TimeToLive: 60 }],
  ] as const)(
    'of a push by %s is its %s, with what only that platform knows',
    (channelType, name, members) => {
      const images = { imageUrl: 'i', imageIconUrl: 'j', smallImageIconUrl: 'k' };
      const platform = channelType === 'APNS_VOIP' ? { CollapseId: 'mine', Badge: 3 } : undefined;
      const push = { channelType, ...images, timeToLiveSeconds: 60, ...(platform && { platform }) };
      const request = messagesRequest(aPush({ ...push, origin: {}, data: { a: '1' } })).MessageRequest;
      const all = { Title: 'Come back', Body: 'We miss you', Data: { a: '1' }, ...members };
      expect(request?.MessageConfiguration?.[name]).toMatchObject(all);
      expect(request?.Addresses).toEqual({ 'device-token': { ChannelType: channelType } });
    },
  );
});

it('an empty sender, number or id is not passed on', () => {
  const empty = {
    senderId: '',
    originationNumber: '',
    keyword: '',
    mediaUrl: '',
    entityId: '',
    templateId: '',
  };
  const sent = messagesRequest(anSms(empty)).MessageRequest?.MessageConfiguration?.SMSMessage;
  expect(Object.entries(sent ?? {}).filter(([, value]) => value === '')).toEqual([]);
});
