import type { DirectMessageConfiguration } from '@aws-sdk/client-pinpoint';
import type { OutgoingPush } from '../channel.ts';
import { familyOf, type PushFamily } from './pushFamily.ts';
import { pushPayload } from './pushPayload.ts';

/** The message of a push in the members of its platform, and its payload where Pinpoint could not make it. */
export function pushConfiguration(message: OutgoingPush): DirectMessageConfiguration {
  return configurations[familyOf[message.channelType]](message);
}

const configurations: Record<PushFamily, (message: OutgoingPush) => DirectMessageConfiguration> = {
  APNS: (message) => ({
    APNSMessage: {
      ...common(message),
      MediaUrl: message.imageUrl,
      CollapseId: collapseId(message),
      TimeToLive: message.timeToLiveSeconds,
      ...message.platform,
    },
  }),
  // No CollapseKey: of a phone that is away FCM keeps four of them, and what more there is gets lost.
  GCM: (message) => ({
    GCMMessage: {
      ...common(message),
      ...images(message),
      TimeToLive: message.timeToLiveSeconds,
      ...message.platform,
    },
  }),
  ADM: (message) => ({
    ADMMessage: {
      ...common(message),
      ...images(message),
      ConsolidationKey: collapseId(message),
      ExpiresAfter: message.timeToLiveSeconds?.toString(),
      ...message.platform,
    },
  }),
  BAIDU: (message) => ({
    BaiduMessage: {
      ...common(message),
      ...images(message),
      TimeToLive: message.timeToLiveSeconds,
      ...message.platform,
    },
  }),
};

function common(message: OutgoingPush) {
  return {
    Title: message.title,
    Body: message.body,
    Action: message.action,
    Url: message.url,
    Sound: message.sound,
    RawContent: pushPayload(message),
    SilentPush: message.silent,
    ...(message.data === undefined ? {} : { Data: { ...message.data } }),
  };
}

function images(message: OutgoingPush) {
  return {
    ImageUrl: message.imageUrl,
    ImageIconUrl: message.imageIconUrl,
    SmallImageIconUrl: message.smallImageIconUrl,
  };
}

/** Our id without its attempt: a second attempt replaces the first on the device. At most 64 bytes (APNs). */
function collapseId(message: OutgoingPush): string {
  return message.messageId.replace(/-\d+$/, '').slice(0, 64);
}
