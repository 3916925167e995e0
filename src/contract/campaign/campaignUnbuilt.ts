import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import type { Problem } from '../../domain/errors.ts';

type Find = (request: WriteCampaignRequest) => boolean;

/** What Pinpoint's campaigns have and Repoint's do not yet: where it stands in the request, and when it is asked for. */
const unbuilt: readonly (readonly [path: string, asked: Find])[] = [
  ['AdditionalTreatments', (request) => (request.AdditionalTreatments ?? []).length > 0],
  ['HoldoutPercent', (request) => (request.HoldoutPercent ?? 0) !== 0],
  ['Hook', (request) => isGiven(request.Hook)],
  ['Schedule.Frequency', ({ Schedule }) => ![undefined, 'ONCE'].includes(Schedule?.Frequency)],
  ['Schedule.EventFilter', (request) => isGiven(request.Schedule?.EventFilter)],
  ['Schedule.IsLocalTime', (request) => request.Schedule?.IsLocalTime === true],
  ['MessageConfiguration.InAppMessage', (request) => isGiven(request.MessageConfiguration?.InAppMessage)],
  ['TemplateConfiguration.InAppTemplate', (request) => isGiven(request.TemplateConfiguration?.InAppTemplate)],
  ['TemplateConfiguration.VoiceTemplate', (request) => isGiven(request.TemplateConfiguration?.VoiceTemplate)],
];

/** Every member of a campaign request that Repoint does not serve yet. An empty object asks for nothing. */
export function unbuiltMembers(request: WriteCampaignRequest): Problem[] {
  return unbuilt
    .filter(([, asked]) => asked(request))
    .map(([path]) => ({ path, message: 'is not built in Repoint yet' }));
}

function isGiven(value: object | undefined): boolean {
  return value !== undefined && Object.keys(value).length > 0;
}
