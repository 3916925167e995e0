import { type ChannelRow, deleteChannel, findChannel, storeChannel } from '../../../db/channels.ts';
import type { Deps } from '../../../deps.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Call } from '../../handler.ts';
import { type ChannelObject, channelObject, type Platform } from './channelObject.ts';

/** The three operations on one channel of an app. */
export interface ChannelOperations<Request, Response> {
  update(appId: string | undefined, request: Request | undefined, call: Call): Promise<Response>;
  get(appId: string | undefined, call: Call): Promise<Response>;
  delete(appId: string | undefined, call: Call): Promise<Response>;
}

/**
 * A channel that needs no credential: its whole request is kept, and answered beside what all channels have.
 * @param ratesOf what it answers of its rates
 */
export function ownChannel<
  Request extends { Enabled?: boolean | undefined },
  RatesOf extends object = object,
>(
  platform: Platform,
  ratesOf: (deps: Deps) => Promise<RatesOf> = async () => ({}) as RatesOf,
): ChannelOperations<Request, ChannelObject & Omit<Request, 'Enabled'> & RatesOf> {
  const respond = async (deps: Deps, row: ChannelRow | undefined) => {
    const found = foundChannel(row, platform);
    return {
      ...(found.settings as Omit<Request, 'Enabled'>),
      ...(await ratesOf(deps)),
      ...channelObject(found),
    };
  };
  return {
    update: async (appId = '', request, { deps, accessKeyId: modifiedBy }) => {
      const { Enabled = false, ...settings } = request ?? ({} as Request);
      const state = { enabled: Enabled, hasCredential: false, settings, modifiedBy };
      return respond(deps, await storeChannel(deps.db, appId, platform, state, await deps.clock.now()));
    },
    get: async (appId = '', { deps }) => respond(deps, await findChannel(deps.db, appId, platform)),
    delete: async (appId = '', { deps }) => respond(deps, await deleteChannel(deps.db, appId, platform)),
  };
}

/** @throws RepointError NotFound where the app has no such channel */
export function foundChannel(row: ChannelRow | undefined, platform: Platform): ChannelRow {
  if (row === undefined) throw notFound(`channel ${platform.toLowerCase()} of the application`);
  return row;
}
