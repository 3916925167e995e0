import { randomUUID } from 'node:crypto';
import type { EndpointRequest, Event } from '@aws-sdk/client-pinpoint';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { parseEndpoint, parseEndpointId } from '../contract/endpoint.ts';
import { decodePayload } from '../contract/model/decodePayload.ts';
import { requireApp } from '../db/apps.ts';
import { openDatabase } from '../db/database.ts';
import { resourceIdOfCall } from '../db/ids.ts';
import type { Matching } from '../db/segments/segments.ts';
import type { Deps } from '../deps.ts';
import { putEndpoint } from '../ingest/endpoints/putEndpoint.ts';
import { putEvents } from '../ingest/events/putEvents.ts';
import { createJourney } from '../ingest/journeys/saveJourney.ts';
import { createLog } from '../log.ts';
import { type CompiledJourney, compileJourney, readJourneyObject } from './compileJourney.ts';

export type { ErrorCode, Problem } from '../domain/errors.ts';
export { RepointError } from '../domain/errors.ts';
export type { JourneyDocument } from '../domain/journey/document.ts';
export type { Plan, PlanStep, Wait } from '../domain/journey/plan.ts';
export type { CompiledJourney } from './compileJourney.ts';
export { compileJourney } from './compileJourney.ts';

/** Where Repoint's facts are, and the settings its API runs with. */
export interface RepointClientOptions {
  /** The API's own database: `postgresql://user:password@host:5432/database`. */
  readonly databaseUrl: string;
  /**
   * Repoint's settings, as the API has them in its environment (`REPOINT_TIME_SCALE`, `REPOINT_LOG_LEVEL` …).
   * Absent: their defaults.
   */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** Connections to Postgres at most; absent: 10. */
  readonly connectionsMax?: number;
}

/** What a publication came to. */
export interface PublishedJourney {
  readonly journeyId: string;
  /** Pinpoint's state: ACTIVE, unless an earlier publication with the same key has gone on since. */
  readonly state: string;
  /** What was normalised in the document or is suspicious, each with its path. */
  readonly warnings: readonly string[];
  /** How many endpoints match its segment now; undefined when an earlier publication with the same key was found. */
  readonly matching: Matching | undefined;
}

/** An event as PutEvents takes it; without a Timestamp it happened now. */
export type RecordedEvent = Omit<Event, 'Timestamp' | 'EventType'> & {
  readonly EventType: string;
  /** ISO 8601. */
  readonly Timestamp?: string;
};

/**
 * Repoint for backend services that hold its database's address: the code that the API's own operations run, without
 * the HTTP between. Every write is one transaction; Repoint's worker carries what it causes to Temporal within a second.
 */
export interface RepointClient {
  /** As the function of that name, with the time scale of the client's settings. */
  compileJourney(document: object): CompiledJourney;
  /**
   * Publishes a journey, as CreateJourney does with State ACTIVE.
   * @param document Pinpoint's WriteJourneyRequest, the dialect of printed examples included; its State is ignored
   * @param options.key published once per application: with a key that was used before, the journey it made is
   *   answered and nothing changes. For services that publish whenever they start; a new version needs a new key.
   * @throws RepointError NotFound for an unknown application; BadRequest with every problem, each with its path
   */
  publishJourney(
    applicationId: string,
    document: object,
    options?: { readonly key?: string },
  ): Promise<PublishedJourney>;
  /**
   * Creates or changes an endpoint, as UpdateEndpoint does: what is not mentioned stays as it is.
   * @throws RepointError NotFound for an unknown application; BadRequest with every problem
   */
  putEndpoint(applicationId: string, endpointId: string, request: EndpointRequest): Promise<void>;
  /**
   * Records what an endpoint's person did, as PutEvents does. The same event (endpoint, key, type and timestamp) is
   * recorded once.
   * @param options.key names the event among those of its endpoint; absent: it is a new one
   * @throws RepointError NotFound for an unknown application; BadRequest with every problem
   */
  recordEvent(
    applicationId: string,
    endpointId: string,
    event: RecordedEvent,
    options?: { readonly key?: string },
  ): Promise<void>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * Opens a client. It connects when it is first used.
 * @throws RepointError BadRequest for settings that are wrong
 */
export function createRepointClient(options: RepointClientOptions): RepointClient {
  const deps = openDeps(options);
  return {
    compileJourney: (document) =>
      compileJourney(document, {
        timeScale: deps.config.REPOINT_TIME_SCALE,
        splitEvaluation: deps.config.REPOINT_SPLIT_EVALUATION,
      }),
    publishJourney: (applicationId, document, { key } = {}) => publish(deps, applicationId, document, key),
    putEndpoint: (applicationId, endpointId, request) =>
      writeEndpoint(deps, applicationId, endpointId, request),
    recordEvent: (applicationId, endpointId, event, { key } = {}) =>
      writeEvent(deps, applicationId, endpointId, event, key),
    close: () => deps.db.destroy(),
  };
}

type ClientDeps = Pick<Deps, 'clock' | 'db' | 'log'> & { readonly config: Config };

function openDeps({ databaseUrl, settings = {}, connectionsMax = 10 }: RepointClientOptions): ClientDeps {
  const config = readConfig(settings);
  const log = createLog(config.REPOINT_LOG_LEVEL);
  const db = openDatabase(databaseUrl, {
    max: connectionsMax,
    onError: (error) => log.warn({ error: error.name }, 'an idle connection to Postgres was lost'),
  });
  return { config, log, db, clock: systemClock };
}

async function publish(
  deps: ClientDeps,
  appId: string,
  document: object,
  key: string | undefined,
): Promise<PublishedJourney> {
  const { payload, warnings } = readJourneyObject(document);
  await requireApp(deps.db, appId);
  const id = resourceIdOfCall('publishJourney', appId, key);
  const saved = await createJourney(deps, appId, payload, id);
  return {
    journeyId: saved.journey.id,
    state: saved.journey.state,
    warnings: [...warnings, ...saved.warnings],
    matching: saved.matching,
  };
}

async function writeEndpoint(
  deps: ClientDeps,
  appId: string,
  endpointId: string,
  request: EndpointRequest,
): Promise<void> {
  const id = parseEndpointId(endpointId);
  const { payload } = decodePayload('UpdateEndpoint', JSON.stringify(request), { EndpointId: id });
  const change = parseEndpoint(payload);
  await requireApp(deps.db, appId);
  const now = await deps.clock.now();
  await deps.db.transaction().execute((tx) => putEndpoint(tx, appId, id, change, now));
}

async function writeEvent(
  deps: ClientDeps,
  appId: string,
  endpointId: string,
  event: RecordedEvent,
  key: string = randomUUID(),
): Promise<void> {
  const id = parseEndpointId(endpointId);
  await requireApp(deps.db, appId);
  const Timestamp = event.Timestamp ?? (await deps.clock.now()).toISOString();
  const batch = { BatchItem: { [id]: { Endpoint: {}, Events: { [key]: { ...event, Timestamp } } } } };
  const decoded = decodePayload('PutEvents', JSON.stringify(batch)).payload as typeof batch;
  const events = decoded.BatchItem[id]?.Events ?? {};
  const [outcome] = await putEvents(deps, appId, [{ endpointId: id, endpoint: {}, events }]);
  const refusal = outcome?.events.get(key);
  if (refusal) throw refusal;
}
