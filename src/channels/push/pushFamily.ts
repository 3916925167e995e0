import type { PushChannelType } from '../../domain/channel.ts';

/** A push service; APNs has four channel types, its sandbox and VoIP being channels of their own. */
export type PushFamily = 'APNS' | 'GCM' | 'ADM' | 'BAIDU';

export const familyOf: Record<PushChannelType, PushFamily> = {
  APNS: 'APNS',
  APNS_SANDBOX: 'APNS',
  APNS_VOIP: 'APNS',
  APNS_VOIP_SANDBOX: 'APNS',
  GCM: 'GCM',
  ADM: 'ADM',
  BAIDU: 'BAIDU',
};
