import type { UpstreamChannel } from '../../../channels/upstream/upstream.ts';
import type { Config } from '../../../config.ts';
import { type ChannelRow, deleteChannel, findChannel, storeChannel } from '../../../db/channels.ts';
import type { Deps } from '../../../deps.ts';
import { RepointError } from '../../../domain/errors.ts';
import { upstreamAppOf } from '../../../sending/upstreamApp.ts';
import { type ChannelObject, channelObject } from './channelObject.ts';
import { type ChannelOperations, foundChannel } from './ownChannels.ts';

interface UpstreamRequest {
  readonly Enabled?: boolean | undefined;
}

/**
 * What is kept of a request, and answered: never a credential, only whether there is one.
 * `earlier` is what was kept of the request before.
 */
export type Keep<Request, Kept> = (request: Request, earlier: Partial<Kept>) => Kept;

/** A channel that sends through the upstream app: its request goes there before anything is kept here. */
export function upstreamChannel<Request extends UpstreamRequest, Kept extends Record<string, unknown>>(
  platform: UpstreamChannel,
  keep: Keep<Request, Kept>,
  ratesOf: (config: Config) => object = () => ({}),
): ChannelOperations<Request, ChannelObject & Kept> {
  const respond = (config: Config, row: ChannelRow | undefined) => {
    const found = foundChannel(row, platform);
    return { ...(found.settings as Kept), ...ratesOf(config), ...channelObject(found) };
  };
  return {
    update: async (appId = '', request = {} as Request, { deps, accessKeyId: modifiedBy }) => {
      const upstreamAppId = await upstreamAppOf(deps, appId);
      const { hasCredential } = await deps.upstream.updateChannel(upstreamAppId, platform, request);
      const earlier = await findChannel(deps.db, appId, platform);
      const settings = keep(request, (earlier?.settings ?? {}) as Partial<Kept>);
      const state = { enabled: request.Enabled ?? false, hasCredential, settings, modifiedBy };
      return respond(
        deps.config,
        await storeChannel(deps.db, appId, platform, state, await deps.clock.now()),
      );
    },
    get: async (appId = '', { deps }) => respond(deps.config, await findChannel(deps.db, appId, platform)),
    delete: async (appId = '', { deps }) => {
      foundChannel(await findChannel(deps.db, appId, platform), platform);
      await deleteUpstream(deps, await upstreamAppOf(deps, appId), platform);
      return respond(deps.config, await deleteChannel(deps.db, appId, platform));
    },
  };
}

/** One that is gone there already is as good as deleted. */
async function deleteUpstream(deps: Deps, upstreamAppId: string, platform: UpstreamChannel): Promise<void> {
  try {
    await deps.upstream.deleteChannel(upstreamAppId, platform);
  } catch (error) {
    if (!(error instanceof RepointError) || error.code !== 'NotFound') throw error;
  }
}
