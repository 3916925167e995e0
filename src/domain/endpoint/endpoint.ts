import { channelOf } from '../channel.ts';
export const channelTypes = [
  'ADM',
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'BAIDU',
  'CUSTOM',
  'EMAIL',
  'GCM',
  'IN_APP',
  'PUSH',
  'SMS',
  'VOICE',
] as const;
export type ChannelType = (typeof channelTypes)[number];

/** Whether a channel type is a device's, by whatever push service. */
export function isPush(channelType: string | null): boolean {
  return channelType === 'PUSH' || (channelType !== null && channelOf(channelType) === 'PUSH');
}

export const demographicFields = [
  'AppVersion',
  'Locale',
  'Make',
  'Model',
  'ModelVersion',
  'Platform',
  'PlatformVersion',
  'Timezone',
] as const;

export type StringLists = Readonly<Record<string, readonly string[]>>;
export type Numbers = Readonly<Record<string, number>>;
export type Demographic = Readonly<Partial<Record<(typeof demographicFields)[number], string>>>;

export interface Location {
  readonly City?: string;
  readonly Country?: string;
  readonly Latitude?: number;
  readonly Longitude?: number;
  readonly PostalCode?: string;
  readonly Region?: string;
}

/** A destination messages can be sent to, as it is stored. Its user's attributes are the user's. */
export interface Endpoint {
  readonly id: string;
  readonly userId: string | null;
  readonly channelType: string | null;
  readonly address: string | null;
  readonly status: string;
  readonly optOut: string;
  /** When somebody last said so, or the contrary; null when nobody did. */
  readonly optOutAt: Date | null;
  readonly attributes: StringLists;
  readonly metrics: Numbers;
  readonly demographic: Demographic;
  readonly location: Location;
  /** User attributes of an endpoint that belongs to nobody: they are the user's it comes to belong to. */
  readonly unclaimedAttributes: StringLists;
  readonly requestId: string | null;
  /** 0 to 99, fixed for the endpoint's life. */
  readonly cohort: number;
  readonly effectiveDate: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a write says about an endpoint. What it does not say stays as it is. */
export interface EndpointChange {
  readonly address?: string;
  readonly channelType?: ChannelType;
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly optOut?: 'ALL' | 'NONE';
  /** When that was said, where it is heard only now: an older word does not undo a newer one. Absent: now. */
  readonly optOutAt?: Date;
  readonly attributes?: StringLists;
  readonly metrics?: Numbers;
  readonly demographic?: Demographic;
  readonly location?: Location;
  readonly effectiveDate?: Date;
  readonly requestId?: string;
  /** null: the endpoint leaves its user. */
  readonly userId?: string | null;
  readonly userAttributes?: StringLists;
}
