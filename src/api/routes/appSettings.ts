import type { ApplicationSettingsResource } from '@aws-sdk/client-pinpoint';
import { parseAppSettings } from '../../contract/appSettings.ts';
import { type AppRow, findApp, replaceSettings } from '../../db/apps.ts';
import { notFound } from '../../domain/errors.ts';
import type { Handlers } from '../handler.ts';

export const appSettingsHandlers = {
  GetApplicationSettings: async ({ ApplicationId: appId = '' }, { deps }) => {
    return { ApplicationSettingsResource: settingsResource(await findApp(deps.db, appId), appId) };
  },

  UpdateApplicationSettings: async (
    { ApplicationId: appId = '', WriteApplicationSettingsRequest: request },
    { deps },
  ) => {
    const settings = parseAppSettings(request ?? {});
    const row = await replaceSettings(deps.db, appId, settings, await deps.clock.now());
    return { ApplicationSettingsResource: settingsResource(row, appId) };
  },
} satisfies Handlers;

function settingsResource(row: AppRow | undefined, appId: string): ApplicationSettingsResource {
  if (row === undefined) throw notFound(`application ${appId}`);
  const { Limits = {}, QuietTime = {}, JourneyLimits = {} } = row.settings;
  return {
    ApplicationId: appId,
    LastModifiedDate: (row.settings_modified_at ?? row.created_at).toISOString(),
    Limits,
    QuietTime,
    JourneyLimits,
  };
}
