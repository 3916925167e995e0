import type { ChannelResponse } from '@aws-sdk/client-pinpoint';
import type { UpstreamChannel } from '../../../channels/upstream/upstream.ts';
import type { ChannelRow } from '../../../db/channels.ts';

/** Pinpoint's words for its channels with settings; CUSTOM and IN_APP have none. */
export type Platform = UpstreamChannel | 'EMAIL';

/** What every channel answers about itself. */
export type ChannelObject = ChannelResponse & { readonly Platform: Platform };

/** A channel's row in Pinpoint's words, its settings aside. */
export function channelObject(row: ChannelRow): ChannelObject {
  return {
    ApplicationId: row.app_id,
    CreationDate: row.created_at.toISOString(),
    Enabled: row.enabled,
    HasCredential: row.has_credential,
    Id: row.kind.toLowerCase(),
    IsArchived: false,
    ...(row.modified_by !== null && { LastModifiedBy: row.modified_by }),
    LastModifiedDate: row.modified_at.toISOString(),
    Platform: row.kind as Platform,
    Version: row.version,
  };
}
