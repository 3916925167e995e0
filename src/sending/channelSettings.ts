import type { Queryable } from '../db/database.ts';

/** What an app's channel says about sending. */
export interface ChannelSettings {
  readonly appId: string;
  readonly channelType: string;
  /** False also where the channel was never set up. */
  readonly enabled: boolean;
  readonly fromAddress?: string;
  readonly configurationSet?: string;
  readonly identity?: string;
  readonly senderId?: string;
  /** The upstream Pinpoint app that SMS and push leave through; null before it was made. */
  readonly upstreamAppId: string | null;
}

/** Reads an app's channel by an endpoint's channel type (EMAIL, SMS, APNS, GCM …). */
export async function channelSettings(
  db: Queryable,
  appId: string,
  channelType: string,
): Promise<ChannelSettings> {
  const row = await db
    .selectFrom('app')
    .leftJoin('channel', (join) =>
      join.onRef('channel.app_id', '=', 'app.id').on('channel.kind', '=', channelType),
    )
    .select(['app.upstream_app_id', 'channel.enabled', 'channel.settings'])
    .where('app.id', '=', appId)
    .executeTakeFirst();
  const { FromAddress, ConfigurationSet, Identity, SenderId } = row?.settings ?? {};
  return {
    appId,
    channelType,
    enabled: row?.enabled ?? false,
    fromAddress: textOf(FromAddress),
    configurationSet: textOf(ConfigurationSet),
    identity: textOf(Identity),
    senderId: textOf(SenderId),
    upstreamAppId: row?.upstream_app_id ?? null,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export type ChannelFault = 'CHANNEL_DISABLED' | 'FROM_ADDRESS_MISSING' | 'UPSTREAM_APP_MISSING';

/** Why nothing can be sent through a channel as it stands; null where it can. */
export function channelFault(
  settings: ChannelSettings,
  choices: { fromAddress?: string } = {},
): ChannelFault | null {
  if (!settings.enabled) return 'CHANNEL_DISABLED';
  if (settings.channelType !== 'EMAIL')
    return settings.upstreamAppId === null ? 'UPSTREAM_APP_MISSING' : null;
  return (choices.fromAddress || settings.fromAddress) === undefined ? 'FROM_ADDRESS_MISSING' : null;
}

const inWords: { readonly [F in ChannelFault]: (channelType: string) => string } = {
  CHANNEL_DISABLED: (channelType) => `The ${channelType} channel of this application is not enabled`,
  FROM_ADDRESS_MISSING: () => 'Neither the message nor the EMAIL channel has a FromAddress',
  UPSTREAM_APP_MISSING: (channelType) => `The ${channelType} channel has no upstream app to send through`,
};

/** The same in words. */
export function channelProblem(settings: ChannelSettings, choices?: { fromAddress?: string }): string | null {
  const fault = channelFault(settings, choices);
  return fault && inWords[fault](settings.channelType);
}
