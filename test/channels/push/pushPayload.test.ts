import { describe, expect, it } from 'vitest';
import { reportedIds, shownOf } from '../../../src/channels/mailbox/devicePayload.ts';
import { pushPayload } from '../../../src/channels/push/pushPayload.ts';
import { amplifyEvent } from '../../support/amplify.ts';
import { aPush } from '../../support/outgoing.ts';

const { messageId } = aPush();
const journey = { journeyId: 'j1', activityId: 'Push', journeyRunId: 'r1', endpointId: 'e1' };
const campaign = { campaignId: 'c1', activityId: 'run1', endpointId: 'e1' };
const journeyIds = {
  journey_id: 'j1',
  journey_activity_id: 'Push',
  journey_run_id: 'r1',
  repoint_message: messageId,
};

/** What reaches the device, as its push service hands it to the app. */
function atDevice(change: Parameters<typeof aPush>[0]) {
  return JSON.parse(pushPayload(aPush({ origin: journey, ...change })) ?? 'null');
}

describe("what Amplify's own parser reports of a push that reached the device", () => {
  it.each(['APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'GCM', 'ADM'] as const)(
    'is the journey, its step, run and message, by %s',
    (channelType) => {
      expect(amplifyEvent(atDevice({ channelType }).data)).toEqual({
        name: '_journey.opened_notification',
        attributes: journeyIds,
      });
    },
  );

  it.each(['APNS', 'GCM', 'ADM'] as const)('is the campaign, its run and treatment, by %s', (channelType) => {
    const { data } = atDevice({ channelType, origin: campaign });
    expect(amplifyEvent(data, 'received_background')).toMatchObject({
      name: '_campaign.received_background',
      attributes: { campaign_id: 'c1', campaign_activity_id: 'run1', treatment_id: '0' },
    });
  });

  it('is the treatment that was sent', () => {
    const { data } = atDevice({ channelType: 'GCM', origin: { ...campaign, treatmentId: 't2' } });
    expect(amplifyEvent(data)?.attributes.treatment_id).toBe('t2');
  });

  it('is the same as what the mailbox plays back', () => {
    for (const channelType of ['APNS', 'GCM', 'ADM', 'BAIDU'] as const) {
      const payload = pushPayload(aPush({ channelType, origin: journey }));
      expect(reportedIds(payload ?? '')).toEqual({ source: 'journey', ids: journeyIds });
    }
  });
});

describe('the payload that is made', () => {
  it('is for iOS an alert with its picture, and the link to open', () => {
    const push = { title: 'T', body: 'B', sound: 'bell', imageUrl: 'https://i.test/a.png' } as const;
    expect(atDevice({ ...push, action: 'DEEP_LINK', url: 'app://cart' })).toEqual({
      aps: { alert: { title: 'T', body: 'B' }, sound: 'bell', 'mutable-content': 1 },
      data: {
        pinpoint: { journey: journeyIds, deeplink: 'app://cart' },
        'media-url': 'https://i.test/a.png',
      },
    });
  });

  it('is for a silent push to iOS nothing to see or hear', () => {
    const { aps, data } = atDevice({ silent: true, sound: 'bell', jsonBody: '{"refresh":["cart"]}' });
    expect(aps).toEqual({ 'content-available': 1 });
    expect(data.pinpoint.jsonBody).toEqual({ refresh: ['cart'] });
  });

  it('is for Android flat, texts only, with the images and the action', () => {
    const sent = atDevice({
      channelType: 'GCM',
      origin: campaign,
      action: 'URL',
      url: 'https://shop.test',
      imageUrl: 'https://i.test/a.png',
      imageIconUrl: 'https://i.test/i.png',
      smallImageIconUrl: 'https://i.test/s.png',
      sound: 'bell',
      jsonBody: '{"a":1}',
    });
    expect(sent).toEqual({
      data: {
        'pinpoint.notification.title': 'Come back',
        'pinpoint.notification.body': 'We miss you',
        'pinpoint.notification.imageUrl': 'https://i.test/a.png',
        'pinpoint.notification.imageIconUrl': 'https://i.test/i.png',
        'pinpoint.notification.imageSmallIconUrl': 'https://i.test/s.png',
        'pinpoint.notification.sound': 'bell',
        'pinpoint.notification.silentPush': '0',
        'pinpoint.url': 'https://shop.test',
        'pinpoint.jsonBody': '{"a":1}',
        'pinpoint.campaign.campaign_id': 'c1',
        'pinpoint.campaign.campaign_activity_id': 'run1',
        'pinpoint.campaign.treatment_id': '0',
        'pinpoint.campaign.repoint_message': messageId,
      },
    });
  });

  it.each([
    ['OPEN_APP', 'pinpoint.openApp', 'true'],
    ['DEEP_LINK', 'pinpoint.deeplink', 'app://x'],
  ] as const)('tells Android what a tap does: %s', (action, key, value) => {
    expect(atDevice({ channelType: 'ADM', action, url: 'app://x' }).data).toMatchObject({ [key]: value });
  });

  it('is none of ours for a message of no journey and no campaign: Pinpoint makes it', () => {
    expect(pushPayload(aPush({ origin: { endpointId: 'e1' } }))).toBeUndefined();
    expect(pushPayload(aPush({ origin: {}, rawContent: '{"aps":{}}' }))).toBe('{"aps":{}}');
  });
});

describe('a raw content of the author', () => {
  it.each([
    ['APNS', { aps: { alert: 'Hi' }, data: { mine: 1 } }],
    ['GCM', { notification: { title: 'Hi' }, data: { mine: '1' } }],
    ['GCM', { fcmV1Message: { message: { notification: { title: 'Hi' } } } }],
    ['ADM', { data: { mine: '1' } }],
    ['BAIDU', { title: 'Hi' }],
  ] as const)('keeps what it says and can be reported, by %s', (channelType, raw) => {
    const sent = pushPayload(aPush({ origin: journey, channelType, rawContent: JSON.stringify(raw) })) ?? '';
    expect(JSON.parse(sent)).toMatchObject(raw);
    expect(reportedIds(sent)).toEqual({ source: 'journey', ids: journeyIds });
  });

  it.each([
    ['APNS', 'not JSON'],
    ['APNS', '[1]'],
    ['APNS', '{"data":"text"}'],
    ['APNS', '{"data":{"pinpoint":{"campaign":{"campaign_id":"mine"}}}}'],
    ['GCM', '{"data":{"pinpoint.campaign.campaign_id":"mine"}}'],
    ['GCM', '{"fcmV1Message":"text"}'],
    ['APNS', JSON.stringify({ aps: { alert: 'x'.repeat(4000) } })],
  ] as const)('is sent as it is where there is no place for ids: %s %s', (channelType, rawContent) => {
    expect(pushPayload(aPush({ origin: journey, channelType, rawContent }))).toBe(rawContent);
  });

  it.each([
    ['{"aps":{"alert":"Hi"}}', { title: null, body: 'Hi' }],
    ['{"aps":{"alert":{"title":"T","body":"B"}}}', { title: 'T', body: 'B' }],
    ['{"fcmV1Message":{"message":{"notification":{"title":"T","body":"B"}}}}', { title: 'T', body: 'B' }],
    ['plain', { title: null, body: 'plain' }],
  ])('is shown by the mailbox as a device would: %s', (payload, shown) => {
    expect(shownOf(payload)).toEqual(shown);
  });
});
