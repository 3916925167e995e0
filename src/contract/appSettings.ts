import type { WriteApplicationSettingsRequest } from '@aws-sdk/client-pinpoint';
import type { AppSettings } from '../domain/appSettings.ts';
import { badRequest, RepointError } from '../domain/errors.ts';
import { checkLimits } from '../domain/journey/checkLimits.ts';
import { checkQuietTime } from '../domain/journey/checkTimes.ts';
import { campaignLimits } from './campaign/campaignParts.ts';
import { zodProblems } from './zodProblems.ts';

/**
 * Reads an application's settings. What only concerns CloudWatch and event tags is not kept.
 * @throws RepointError BadRequest with every problem; NotImplemented for a campaign hook
 */
export function parseAppSettings(request: WriteApplicationSettingsRequest): AppSettings {
  const { CampaignHook, Limits, QuietTime, JourneyLimits } = request;
  const limits = campaignLimits.safeParse(Limits ?? {}, { reportInput: true });
  const problems = [
    ...(limits.success ? [] : zodProblems(limits.error, 'Limits')),
    ...checkQuietTime('QuietTime', QuietTime),
    ...checkLimits('JourneyLimits', JourneyLimits),
  ].map(({ path, message }) => ({ path, message }));
  if (problems.length > 0) throw badRequest(problems);
  if (Object.values(CampaignHook ?? {}).some((value) => (value ?? '') !== ''))
    throw new RepointError('NotImplemented', 'CampaignHook is not built in Repoint yet');
  return {
    ...(Limits && { Limits }),
    ...(QuietTime && { QuietTime }),
    ...(JourneyLimits && { JourneyLimits }),
  };
}
