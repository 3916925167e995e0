import type { EndpointWithUser } from '../db/people/endpoints.ts';
import type { StreamRecordRow } from '../db/streams/streamRecords.ts';
import type { EventRow, StreamSources } from '../db/streams/streamSources.ts';
import { defaultTreatment } from '../domain/campaign/treatment.ts';
import type { SendFacts, StreamedFacts } from '../domain/stream/record.ts';
import { appEnvelope, channelEnvelope } from './envelopes.ts';

/**
 * One record of the event stream in Pinpoint's form ("App, campaign, journey, email, SMS event data stream" of its
 * developer guide).
 * @returns undefined where what it tells of was erased meanwhile
 */
export function streamRecord(
  row: StreamRecordRow,
  sources: StreamSources,
  accountId: string,
): object | undefined {
  const endpoint = sources.endpoints.get(row.endpoint_id);
  if (row.kind === 'send')
    return sendRecord(row, row.detail as SendFacts, { endpoint, accountId, runs: sources.runs });
  const event = sources.events.get(row.subject);
  return event && eventRecord(row, event, { endpoint, accountId });
}

interface Scene {
  readonly endpoint: EndpointWithUser | undefined;
  readonly accountId: string;
  readonly runs: ReadonlyMap<string, string>;
}

/** `_journey.send` and `_campaign.send`: an attempt to send a message, and what it came to. */
function sendRecord(row: StreamRecordRow, facts: SendFacts, { endpoint, accountId, runs }: Scene): object {
  const isJourney = facts.journeyId !== undefined;
  return channelEnvelope({
    type: isJourney ? '_journey.send' : '_campaign.send',
    at: row.arrived_at,
    arrivedAt: row.arrived_at,
    row,
    endpoint,
    accountId,
    attributes: isJourney ? journeyAttributes(facts, runs.get(row.subject)) : campaignAttributes(facts, row),
  });
}

function journeyAttributes(facts: SendFacts, runId: string | undefined): Record<string, string> {
  return {
    ...(runId !== undefined && { journey_run_id: runId }),
    journey_send_status: facts.status,
    journey_id: facts.journeyId ?? '',
    journey_activity_id: facts.step,
    journey_activity_type: facts.channel,
    ...(facts.message !== undefined && { journey_send_status_message: facts.message }),
    ...(facts.code !== undefined && { journey_send_status_code: facts.code }),
  };
}

function campaignAttributes(facts: SendFacts, { subject }: StreamRecordRow): Record<string, string> {
  return {
    treatment_id: defaultTreatment,
    campaign_activity_id: subject.replaceAll('-', ''),
    // the channel that delivered, which may be another than the endpoint's
    delivery_type: facts.channel === 'CUSTOM' ? 'CUSTOM' : facts.channelType,
    campaign_id: facts.campaignId ?? '',
    campaign_send_status: facts.status,
  };
}

/** What providers tell of messages; the rest comes from apps. */
const channelType = /^_(?:email|SMS|custom)\./;

function eventRecord(
  row: StreamRecordRow,
  event: EventRow,
  { endpoint, accountId }: Omit<Scene, 'runs'>,
): object {
  const facts = row.detail as StreamedFacts;
  if (!channelType.test(event.type)) return appEnvelope({ event, endpoint, accountId });
  return {
    ...channelEnvelope({
      type: event.type,
      at: sentAt(facts) ?? event.occurred_at,
      arrivedAt: event.received_at,
      row,
      endpoint: event.type.startsWith('_email.') ? undefined : endpoint,
      accountId,
      attributes: { ...event.attributes, ...facts.attributes },
    }),
    ...(Object.keys(event.metrics).length > 0 && { metrics: event.metrics }),
    ...(event.type.startsWith('_email.') && {
      client_context: { custom: { legacy_identifier: row.app_id } },
      facets: facts.facets ?? {},
    }),
  };
}

/** All events of an e-mail carry the time of its sending. */
function sentAt({ facets }: StreamedFacts): Date | undefined {
  const channel = facets?.email_channel as
    | { mail_event?: { mail?: { message_send_timestamp?: number } } }
    | undefined;
  const at = channel?.mail_event?.mail?.message_send_timestamp;
  return at === undefined ? undefined : new Date(at);
}
