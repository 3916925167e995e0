import type { CredentialChannel } from '../../../channels/upstream.ts';
import { type ChannelRow, deleteChannel, findChannel, storeChannel } from '../../../db/channels.ts';
import { upstreamAppOf } from '../../../sending/upstreamApp.ts';
import { type ChannelObject, channelObject } from './channelObject.ts';
import { type ChannelOperations, foundChannel } from './ownChannels.ts';

/** Members of a request that are a credential, or tell of one, by what the response says of them. */
interface PushRequest {
  readonly Enabled?: boolean | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly TokenKey?: string | undefined;
  readonly ServiceJson?: string | undefined;
}

/** All that is kept of a push channel's request. */
type PushSettings = {
  readonly DefaultAuthenticationMethod?: string;
  readonly HasTokenKey?: boolean;
  readonly HasFcmServiceCredentials?: boolean;
};

/**
 * A push channel: its request goes to the upstream app, which holds the credentials, before anything is kept
 * here; of the credentials we keep only that there are some.
 */
export function pushChannel(
  platform: CredentialChannel,
): ChannelOperations<PushRequest, ChannelObject & PushSettings> {
  const respond = (row: ChannelRow | undefined) => {
    const found = foundChannel(row, platform);
    return { ...(found.settings as PushSettings), ...channelObject(found) };
  };
  return {
    update: async (appId = '', request = {}, { deps }) => {
      const upstreamAppId = await upstreamAppOf(deps, appId);
      const { hasCredential } = await deps.upstream.updateChannel(upstreamAppId, platform, request);
      const earlier = await findChannel(deps.db, appId, platform);
      const settings = settingsOf(platform, request, (earlier?.settings ?? {}) as PushSettings);
      const state = { enabled: request.Enabled ?? false, hasCredential, settings };
      return respond(await storeChannel(deps.db, appId, platform, state, await deps.clock.now()));
    },
    get: async (appId = '', { deps }) => respond(await findChannel(deps.db, appId, platform)),
    delete: async (appId = '', { deps }) => {
      foundChannel(await findChannel(deps.db, appId, platform), platform);
      await deps.upstream.deleteChannel(await upstreamAppOf(deps, appId), platform);
      return respond(await deleteChannel(deps.db, appId, platform));
    },
  };
}

function settingsOf(platform: CredentialChannel, request: PushRequest, earlier: PushSettings): PushSettings {
  const method = request.DefaultAuthenticationMethod ?? earlier.DefaultAuthenticationMethod;
  return {
    ...(method === undefined ? {} : { DefaultAuthenticationMethod: method }),
    ...(platform.startsWith('APNS')
      ? { HasTokenKey: request.TokenKey !== undefined || earlier.HasTokenKey === true }
      : {}),
    ...(platform === 'GCM'
      ? {
          HasFcmServiceCredentials:
            request.ServiceJson !== undefined || earlier.HasFcmServiceCredentials === true,
        }
      : {}),
  };
}
