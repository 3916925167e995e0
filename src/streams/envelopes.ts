import type { EndpointWithUser } from '../db/people/endpoints.ts';
import type { StreamRecordRow } from '../db/streams/streamRecords.ts';
import type { EventRow } from '../db/streams/streamSources.ts';
import { defined } from '../domain/defined.ts';

interface ChannelFacts {
  readonly type: string;
  readonly at: Date;
  readonly arrivedAt: Date;
  readonly row: StreamRecordRow;
  readonly endpoint: EndpointWithUser | undefined;
  readonly accountId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What Pinpoint itself tells, of messages: nothing of a device or a session. */
export function channelEnvelope({
  type,
  at,
  arrivedAt,
  row,
  endpoint,
  accountId,
  attributes,
}: ChannelFacts): object {
  return {
    event_type: type,
    event_timestamp: at.getTime(),
    arrival_timestamp: arrivedAt.getTime(),
    event_version: '3.1',
    application: { app_id: row.app_id, sdk: {} },
    client: { client_id: row.endpoint_id },
    device: { platform: {} },
    session: {},
    attributes,
    ...(endpoint && { client_context: { custom: { endpoint: endpointText(endpoint) } } }),
    awsAccountId: accountId,
  };
}

interface AppFacts {
  readonly event: EventRow;
  readonly endpoint: EndpointWithUser | undefined;
  readonly accountId: string;
}

/** What apps and backends report with PutEvents. */
export function appEnvelope({ event, endpoint, accountId }: AppFacts): object {
  const { AppPackageName, AppTitle, AppVersionCode, ClientSdkVersion, SdkName } = event.details;
  return {
    event_type: event.type,
    event_timestamp: event.occurred_at.getTime(),
    arrival_timestamp: event.received_at.getTime(),
    event_version: '3.0',
    application: defined({
      app_id: event.app_id,
      package_name: AppPackageName,
      sdk: defined({ name: SdkName, version: ClientSdkVersion }),
      title: AppTitle,
      version_name: endpoint?.demographic.AppVersion,
      version_code: AppVersionCode,
    }),
    client: { client_id: event.endpoint_id },
    device: deviceOf(endpoint),
    session: sessionOf(event.details.Session),
    attributes: event.attributes,
    metrics: event.metrics,
    ...(endpoint && { client_context: { custom: { endpoint: endpointText(endpoint) } } }),
    awsAccountId: accountId,
  };
}

function deviceOf(endpoint: EndpointWithUser | undefined): object {
  const { Locale, Make, Model, Platform, PlatformVersion } = endpoint?.demographic ?? {};
  const [, language, country] = /^([A-Za-z]{2,3})(?:[_-]([A-Za-z]{2}))?/.exec(Locale ?? '') ?? [];
  return defined({
    ...(Locale !== undefined && { locale: defined({ code: Locale, country, language }) }),
    make: Make,
    model: Model,
    platform: defined({ name: Platform, version: PlatformVersion }),
  });
}

function sessionOf(session: unknown): object {
  if (typeof session !== 'object' || session === null) return {};
  const { Id, StartTimestamp, StopTimestamp } = session as Record<string, unknown>;
  return defined({
    session_id: Id,
    start_timestamp: milliseconds(StartTimestamp),
    stop_timestamp: milliseconds(StopTimestamp),
  });
}

function milliseconds(text: unknown): number | undefined {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** The endpoint as JSON in a string, without what it lacks: as it is when the record is made. */
function endpointText(endpoint: EndpointWithUser): string {
  const { userId, userAttributes } = endpoint;
  return JSON.stringify({
    ...defined({
      ChannelType: endpoint.channelType ?? undefined,
      Address: endpoint.address ?? undefined,
      EndpointStatus: endpoint.status,
      OptOut: endpoint.optOut,
      RequestId: endpoint.requestId ?? undefined,
      EffectiveDate: endpoint.effectiveDate.toISOString(),
      Attributes: filled(endpoint.attributes),
      Metrics: filled(endpoint.metrics),
      Demographic: filled(endpoint.demographic),
      Location: filled(endpoint.location),
    }),
    User: defined({ UserId: userId ?? undefined, UserAttributes: filled(userAttributes) }),
  });
}

function filled<T extends object>(members: T): T | undefined {
  return Object.keys(members).length > 0 ? members : undefined;
}
