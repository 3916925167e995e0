import { randomUUID } from 'node:crypto';
import {
  type EndpointRequest,
  type Event,
  type PinpointClient,
  PutEventsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import type { PlayedEvent } from '../channels/mailbox/message.ts';
import { readTrace, type TracedPerson } from '../cli/journeyTrace.ts';
import { ownApi } from '../cli/ownApi.ts';
import { traceLines } from '../cli/traceText.ts';
import { parseDuration } from '../domain/duration.ts';
import { badRequest } from '../domain/errors.ts';
import { parseInstant } from '../domain/instant.ts';
import { type Environment, startEnvironment } from './environment.ts';
import {
  type DocumentSource,
  type PublishingTarget,
  type PublishOptions,
  publishDocument,
} from './publishing.ts';
import { type MessageFilter, receivedMessages, type TestMessage } from './receivedMessages.ts';
import { createTestApplication } from './testApplication.ts';
import { startWorld, type World } from './world.ts';

export interface TestWorldOptions {
  /** Repoint's settings (docs/operations.md), such as `REPOINT_SPLIT_EVALUATION`; their defaults where nothing is said. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The time at which the world begins: ISO 8601, in the future. Absent: now. */
  readonly startAt?: string;
}

/** A journey that was published. */
export interface TestJourney {
  readonly id: string;
  readonly name: string;
  /** What was put right in the document, or looks wrong. */
  readonly warnings: readonly string[];
}

/** What somebody did: its type, or an event as PutEvents takes it. It happens now. */
export type TestEvent = string | (Omit<Event, 'Timestamp' | 'EventType'> & { readonly EventType: string });

/**
 * Repoint whole with an application of its own: API, worker and database are the ones of production, messages go to the
 * mailbox, and time is skipped. Everything but `advance` and `advanceTo` takes no time; each answers when all that is
 * due has happened.
 */
export interface TestWorld {
  readonly applicationId: string;
  /** Of the API, for clients of your own. */
  readonly apiUrl: string;
  /** The AWS SDK's own client, for everything else; call `settle` after what has consequences. */
  readonly client: PinpointClient;
  /**
   * Publishes a journey with what belongs to it.
   * @param document Pinpoint's WriteJourneyRequest, or where its JSON file is
   * @throws RepointError BadRequest with every problem of the document
   */
  publish(document: DocumentSource, options?: PublishOptions): Promise<TestJourney>;
  /** Creates or changes an endpoint, as UpdateEndpoint does. */
  putEndpoint(endpointId: string, request: EndpointRequest): Promise<void>;
  /** Records what the person of an endpoint did. */
  event(endpointId: string, event: TestEvent): Promise<void>;
  /** What was received so far, oldest first. */
  messages(filter?: MessageFilter): Promise<TestMessage[]>;
  /** The person opens the e-mail or the push. */
  open(message: TestMessage): Promise<void>;
  /** The person follows a link of the e-mail. */
  click(message: TestMessage, link?: string): Promise<void>;
  /** What the provider reports of a message: `delivery`, `bounce`, `complaint` or `reject`. */
  report(message: TestMessage, what: Exclude<PlayedEvent, 'open' | 'click'>): Promise<void>;
  /** Lets time pass: `3d`, `12h`, `P1DT2H`. What happens on the way happens at its own time. */
  advance(duration: string): Promise<void>;
  /** Lets time pass until then, ISO 8601. */
  advanceTo(instant: string): Promise<void>;
  now(): Promise<Date>;
  /** Lets everything happen that is due. */
  settle(): Promise<void>;
  /** A person's way through a journey and why, as lines of text. */
  trace(journey: TestJourney, person: TracedPerson): Promise<string>;
  close(): Promise<void>;
}

let environment: Promise<Environment> | undefined;

/**
 * Starts a world; several may be open. The first of a process also starts Postgres, unless DATABASE_URL names one, and
 * bundles the workflows, which takes some seconds; the others take about one.
 * @throws RepointError Unavailable saying what is missing and what to do; BadRequest for wrong settings
 */
export async function startTestWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  environment ??= startEnvironment(process.env.DATABASE_URL);
  const world = await startWorld(await environment, { settings: options.settings ?? {} });
  try {
    if (options.startAt !== undefined) await advanceTo(world, 'startAt', options.startAt);
    const appId = await createTestApplication(world.client);
    return testWorld(world, appId, await world.now());
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** A world as the kit shows it, with an application of its own. */
export function testWorld(world: World, appId: string, startedAt: Date): TestWorld {
  const { client } = world;
  const target: PublishingTarget = { client, appId, templates: new Set() };
  const received = { db: world.deps.db, appId, startedAt, messages: () => world.mailbox.messages() };
  const play = async (message: TestMessage, event: PlayedEvent, link?: string) => {
    await world.mailbox.play(message.id, event, link);
    await world.settle();
  };
  return {
    applicationId: appId,
    apiUrl: world.url,
    client,
    publish: async (document, options = {}) => {
      const { journey, warnings } = await publishDocument(target, document, options);
      await world.settle();
      return { id: journey.Id ?? '', name: journey.Name ?? '', warnings };
    },
    putEndpoint: async (EndpointId, EndpointRequest) => {
      await client.send(new UpdateEndpointCommand({ ApplicationId: appId, EndpointId, EndpointRequest }));
      await world.settle();
    },
    event: (endpointId, event) => putEvent(world, appId, endpointId, event),
    messages: (filter = {}) => receivedMessages(received, filter),
    open: (message) => play(message, 'open'),
    click: (message, link) => play(message, 'click', link),
    report: play,
    advance: (duration) => advance(world, duration),
    advanceTo: (instant) => advanceTo(world, 'instant', instant),
    now: world.now,
    settle: world.settle,
    trace: async (journey, person) => {
      const trace = await readTrace(ownApi(client, world.url), { appId, journeyId: journey.id }, person);
      return traceLines(trace).join('\n');
    },
    close: world.close,
  };
}

/** @throws BadRequest as PutEvents tells it of one event */
async function putEvent(world: World, appId: string, endpointId: string, event: TestEvent): Promise<void> {
  const details = typeof event === 'string' ? { EventType: event } : event;
  const Timestamp = (await world.now()).toISOString();
  const Events = { [randomUUID()]: { ...details, Timestamp } };
  const { EventsResponse } = await world.client.send(
    new PutEventsCommand({
      ApplicationId: appId,
      EventsRequest: { BatchItem: { [endpointId]: { Endpoint: {}, Events } } },
    }),
  );
  const outcomes = EventsResponse?.Results?.[endpointId]?.EventsItemResponse ?? {};
  const refused = Object.values(outcomes).find(({ StatusCode = 0 }) => StatusCode >= 400);
  if (refused) throw badRequest([{ path: 'event', message: refused.Message ?? 'refused' }]);
  await world.settle();
}

async function advance(world: World, text: string): Promise<void> {
  const duration = parseDuration(text);
  if ('problem' in duration) throw badRequest([{ path: 'duration', message: duration.problem }]);
  await world.advance(duration.milliseconds);
}

async function advanceTo(world: World, path: string, text: string): Promise<void> {
  const instant = parseInstant(text);
  if ('problem' in instant) throw badRequest([{ path, message: instant.problem }]);
  const now = await world.now();
  const left = instant.epochMilliseconds - now.getTime();
  if (left < 0) throw badRequest([{ path, message: `${text} is past: it is ${now.toISOString()}` }]);
  await world.advance(left);
}
