import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { reachOf } from '../../domain/campaign/content.ts';
import type { CampaignDocument } from '../../domain/campaign/document.ts';
import { customReach } from '../../domain/endpoint/customReach.ts';
import { badRequest, notImplemented, type Problem } from '../../domain/errors.ts';
import { parseInstant } from '../../domain/instant.ts';
import { checkCustomData, checkDeliveryUri } from '../../domain/journey/checkCustomChannel.ts';
import { checkQuietTime } from '../../domain/journey/checkTimes.ts';
import type { Finding } from '../../domain/journey/finding.ts';
import { headerProblems } from '../emailHeaders.ts';
import { zodProblems } from '../zodProblems.ts';
import { campaignDocument } from './campaignParts.ts';
import { unbuiltMembers } from './campaignUnbuilt.ts';

const headersPath = 'MessageConfiguration.EmailMessage.Headers';

export interface ParsedCampaign {
  readonly document: CampaignDocument;
  readonly segmentId: string;
  /** Absent: the segment's newest. */
  readonly segmentVersion: number | undefined;
  readonly warnings: readonly string[];
}

/**
 * Reads a campaign.
 * @param elsewhere what is wrong with it that only others can tell: all is told together
 * @throws RepointError BadRequest naming every problem, those of members that are not built included; NotImplemented
 * naming each such member when nothing else is wrong
 */
export function parseCampaign(
  request: WriteCampaignRequest,
  elsewhere: readonly Problem[] = [],
): ParsedCampaign {
  const missing = unbuiltMembers(request);
  const parsed = campaignDocument.safeParse(request, { reportInput: true });
  const problems = [
    ...segmentProblems(request),
    ...problemsOf(findingsOf(request)),
    ...headerProblems(request.MessageConfiguration?.EmailMessage?.Headers, headersPath),
    ...(parsed.success ? togetherProblems(parsed.data) : zodProblems(parsed.error)),
    ...elsewhere,
  ].filter(({ path }) => !missing.some((member) => `${member.path}.`.startsWith(`${path}.`)));
  if (problems.length > 0) throw badRequest([...problems, ...missing]);
  if (missing.length > 0) throw notImplemented(missing);
  // What is wrong was thrown: nothing is filtered out of the problems when no member is missing.
  const document = campaignDocument.parse(request);
  const { SegmentId: segmentId = '', SegmentVersion: segmentVersion } = request;
  const found = findingsOf(request).map(({ path, message }) => `${path}: ${message}`);
  return { document, segmentId, segmentVersion, warnings: [...warningsOf(document), ...found] };
}

function segmentProblems({ SegmentId, SegmentVersion }: WriteCampaignRequest): Problem[] {
  const problems: Problem[] = [];
  if (!SegmentId) problems.push({ path: 'SegmentId', message: 'the id of a segment is needed' });
  if (SegmentVersion !== undefined && !(Number.isInteger(SegmentVersion) && SegmentVersion >= 1))
    problems.push({
      path: 'SegmentVersion',
      message: `${SegmentVersion}: a whole number from 1 on is allowed`,
    });
  return problems;
}

/** What a campaign and a journey's step have in common is checked as there. */
function findingsOf(request: WriteCampaignRequest): Finding[] {
  const { Schedule, CustomDeliveryConfiguration: custom, MessageConfiguration: messages } = request;
  return [
    ...checkQuietTime('Schedule.QuietTime', Schedule?.QuietTime),
    ...(custom ? checkDeliveryUri('CustomDeliveryConfiguration.DeliveryUri', custom.DeliveryUri ?? '') : []),
    ...checkCustomData('MessageConfiguration.CustomMessage.Data', messages?.CustomMessage?.Data),
  ];
}

function problemsOf(findings: readonly Finding[]): Problem[] {
  return findings
    .filter(({ severity }) => severity !== 'warning')
    .map(({ path, message }) => ({ path, message }));
}

/** A campaign that will send needs something to send, each piece complete. A draft (no Schedule) may still lack it. */
function togetherProblems(document: CampaignDocument): Problem[] {
  const { Schedule } = document;
  if (Schedule === undefined) return [];
  const problems = [...orderProblems(Schedule.StartTime, Schedule.EndTime), ...incompleteMessages(document)];
  if (reachOf(document).size === 0)
    problems.push({ path: 'MessageConfiguration', message: 'a message or a template is needed' });
  return problems;
}

function orderProblems(start: string, end: string | undefined): Problem[] {
  if (start === 'IMMEDIATE' || end === undefined) return [];
  const [from, to] = [parseInstant(start), parseInstant(end)];
  if ('problem' in from || 'problem' in to || to.epochMilliseconds > from.epochMilliseconds) return [];
  return [{ path: 'Schedule.EndTime', message: `"${end}": a time after StartTime is needed` }];
}

function incompleteMessages(document: CampaignDocument): Problem[] {
  const { MessageConfiguration, TemplateConfiguration, CustomDeliveryConfiguration } = document;
  const { EmailMessage: email, SMSMessage: sms, CustomMessage: custom } = MessageConfiguration ?? {};
  const problems: Problem[] = [];
  const need = (path: string, message: string) =>
    problems.push({ path: `MessageConfiguration.${path}`, message });
  if (email && !TemplateConfiguration?.EmailTemplate) {
    if (!email.Title) need('EmailMessage.Title', 'a subject is needed');
    if (!email.HtmlBody && !email.Body) need('EmailMessage.HtmlBody', 'HtmlBody or Body is needed');
  }
  if (sms && !TemplateConfiguration?.SMSTemplate && !sms.Body) need('SMSMessage.Body', 'a text is needed');
  if (custom && !CustomDeliveryConfiguration)
    need('CustomMessage', 'CustomDeliveryConfiguration is needed, which says where it goes');
  return problems;
}

/** The offsets that Pinpoint's documentation of Schedule lists; its own answers write them in lower case too. */
const pinpointZones = new Set(
  `UTC UTC+01 UTC+02 UTC+03 UTC+03:30 UTC+04 UTC+04:30 UTC+05 UTC+05:30 UTC+05:45 UTC+06 UTC+06:30 UTC+07 UTC+08
   UTC+09 UTC+09:30 UTC+10 UTC+10:30 UTC+11 UTC+12 UTC+13 UTC-02 UTC-03 UTC-04 UTC-05 UTC-06 UTC-07 UTC-08 UTC-09
   UTC-10 UTC-11`.split(/\s+/),
);

function warningsOf(document: CampaignDocument): string[] {
  return [...scheduleWarnings(document), ...customWarnings(document)];
}

/** An endpoint gets one message of a run. */
function customWarnings({ CustomDeliveryConfiguration: custom, ...rest }: CampaignDocument): string[] {
  const texts = reachOf(rest);
  const both = custom ? customReach(custom.EndpointTypes).filter((type) => texts.has(type)) : [];
  if (both.length === 0) return [];
  return [
    `CustomDeliveryConfiguration.EndpointTypes: ${both.join(', ')}: these endpoints are told of to the custom channel and get no other message`,
  ];
}

function scheduleWarnings({ Schedule }: CampaignDocument): string[] {
  if (Schedule === undefined)
    return ['Schedule: absent, so the campaign is stored and sends nothing until it is updated with one'];
  const { StartTime, Timezone } = Schedule;
  const warnings: string[] = [];
  if (Timezone !== undefined && !pinpointZones.has(Timezone.toUpperCase()))
    warnings.push(
      `Schedule.Timezone: "${Timezone}" is not one of Pinpoint's UTC offsets; StartTime holds as written`,
    );
  const start = StartTime === 'IMMEDIATE' ? undefined : parseInstant(StartTime);
  if (start !== undefined && !('problem' in start) && !start.offsetGiven)
    warnings.push(`Schedule.StartTime: "${StartTime}" names no offset and is read as UTC`);
  return warnings;
}

/** What to tell a caller whose campaign starts at once because its StartTime is past; undefined when it is not. */
export function pastStartWarning({ Schedule }: CampaignDocument, now: Date): string | undefined {
  const start = Schedule && parseInstant(Schedule.StartTime);
  if (start === undefined || 'problem' in start || start.epochMilliseconds >= now.getTime()) return undefined;
  return `Schedule.StartTime: "${Schedule?.StartTime}" is past, so the campaign starts now`;
}
