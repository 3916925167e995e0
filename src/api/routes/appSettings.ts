import type { ApplicationSettingsResource } from '@aws-sdk/client-pinpoint';
import { parseAppSettings } from '../../contract/appSettings.ts';
import { type AppRow, replaceSettings, requireApp } from '../../db/apps.ts';
import type { Handlers } from '../handler.ts';

export const appSettingsHandlers = {
  GetApplicationSettings: async ({ ApplicationId: appId = '' }, { deps }) => {
    return { ApplicationSettingsResource: settingsResource(await requireApp(deps.db, appId)) };
  },

  UpdateApplicationSettings: async (
    { ApplicationId: appId = '', WriteApplicationSettingsRequest: request },
    { deps },
  ) => {
    const settings = parseAppSettings(request ?? {});
    const row = await replaceSettings(deps.db, appId, settings, await deps.clock.now());
    return { ApplicationSettingsResource: settingsResource(row) };
  },
} satisfies Handlers;

function settingsResource(row: AppRow): ApplicationSettingsResource {
  const { Limits = {}, QuietTime = {}, JourneyLimits = {} } = row.settings;
  return {
    ApplicationId: row.id,
    LastModifiedDate: (row.settings_modified_at ?? row.created_at).toISOString(),
    Limits,
    QuietTime,
    JourneyLimits,
  };
}
