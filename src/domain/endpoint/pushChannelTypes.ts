export const pushChannelTypes = [
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'GCM',
  'ADM',
  'BAIDU',
] as const;
export type PushChannelType = (typeof pushChannelTypes)[number];
