import { timingSafeEqual } from 'node:crypto';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { counters } from '../counters.ts';
import { type Backlogs, countInside, type InsideCount, readBacklogs } from '../db/backlogs.ts';
import { countUnsettled, type UnsettledCount } from '../db/messages/unsettled.ts';
import type { Deps } from '../deps.ts';
import { type ChannelSending, readSending } from '../sending/rates/sendingStatus.ts';
import { remembered } from './remembered.ts';

/** What Postgres knows is read at most so often (milliseconds), however many ask; who is inside journeys is more to count. */
const READ_EVERY_MS = 10_000;
const COUNT_INSIDE_EVERY_MS = 60_000;

export type MetricsDeps = Pick<Deps, 'db' | 'config' | 'clock' | 'log'>;

/** `GET /metrics` of this process: Prometheus' text. */
export interface Metrics {
  readonly contentType: string;
  /** Whether the request may see them: where REPOINT_METRICS_TOKEN is set, with that as bearer token. */
  admits(authorization: string | undefined): boolean;
  text(): Promise<string>;
}

/** The metrics of this process; one per process, for what Postgres knows is remembered in it. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const facts = remembered(READ_EVERY_MS, () => readFacts(deps));
  const inside = remembered(COUNT_INSIDE_EVERY_MS, () => countInside(deps.db));
  const token = deps.config.REPOINT_METRICS_TOKEN;
  return {
    contentType: counters.contentType,
    admits: (authorization) => token === undefined || isSame(authorization ?? '', `Bearer ${token}`),
    text: async () => {
      const known = await knownOr(deps, async () => factsRegistry(await facts(), await inside()));
      return await Registry.merge([processRegistry(), counters, known]).metrics();
    },
  };
}

/** What this process counts is told also while Postgres does not answer: who looks then needs it most. */
async function knownOr({ log }: MetricsDeps, read: () => Promise<Registry>): Promise<Registry> {
  const answered = await read().catch((error: unknown) => {
    log.error({ err: error }, 'metrics lack what is read from Postgres');
    return undefined;
  });
  const registry = answered ?? new Registry();
  const help = 'Whether what is read from Postgres could be read; 0: those metrics are missing';
  new Gauge({ name: 'repoint_postgres_up', help, registers: [registry] }).set(answered ? 1 : 0);
  return registry;
}

let ofProcess: Registry | undefined;

/** Memory, event loop and garbage collection, observed from the first time somebody asks. */
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

interface Facts {
  readonly sending: readonly ChannelSending[];
  readonly backlogs: Backlogs;
  readonly unsettled: readonly UnsettledCount[];
}

async function readFacts(deps: MetricsDeps): Promise<Facts> {
  const now = await deps.clock.now();
  return {
    sending: await readSending(deps),
    backlogs: await readBacklogs(deps.db, now),
    unsettled: await countUnsettled(deps.db, now),
  };
}

/** The same in every process: they are read from Postgres. */
function factsRegistry({ sending, backlogs, unsettled }: Facts, inside: readonly InsideCount[]): Registry {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `repoint_${name}`, help, labelNames, registers: [registry] });

  const messages = gauge('messages_unsettled', 'Messages on their way, by what they are held for', [
    'channel',
    'state',
    'held_for',
  ]);
  for (const { channel, state, heldFor, count } of unsettled)
    messages.set({ channel, state, held_for: heldFor ?? '' }, count);

  const outboxRows = gauge('outbox_rows', 'Rows that wait for Temporal', ['kind']);
  const outboxAge = gauge('outbox_oldest_seconds', 'How long the oldest row that is due has waited', [
    'kind',
  ]);
  for (const { kind, rows, oldestSeconds } of backlogs.outbox) {
    outboxRows.set({ kind }, rows);
    outboxAge.set({ kind }, oldestSeconds);
  }
  gauge('outbox_dead_rows', 'Dead letters: what Temporal would not take').set(backlogs.deadLetters);
  gauge('dirty_endpoints', 'Writes of endpoints whose journeys have not been looked at').set(
    backlogs.dirtyEndpoints,
  );
  gauge('stream_records', 'Records that wait for event streams, up to 100,000 of each').set(
    backlogs.streamRecords,
  );
  gauge('stream_oldest_seconds', 'How long the oldest record has waited').set(backlogs.streamOldestSeconds);
  gauge('stream_records_skipped', 'Records that no far end could take').set(backlogs.skippedRecords);
  gauge('stream_records_dropped', 'Records given up because a far end was away for too long').set(
    backlogs.droppedRecords,
  );
  gauge('streams_failing', 'Event streams whose last turn failed').set(backlogs.failingStreams);

  const entries = gauge('journey_participants', 'Who is inside a journey, by its state', ['state', 'parked']);
  for (const { state, parked, count } of inside) entries.set({ state, parked: String(parked) }, count);

  addSending(gauge, sending);
  return registry;
}

type MakeGauge = <L extends string>(name: string, help: string, labelNames?: readonly L[]) => Gauge<L>;

function addSending(gauge: MakeGauge, sending: readonly ChannelSending[]): void {
  const limit = gauge('sending_limit_per_second', "The provider's limit", ['channel']);
  const rate = gauge('sending_rate_per_second', 'The part of it that is used now', ['channel']);
  const paused = gauge('sending_paused', '1 while campaigns and journeys may send nothing', [
    'channel',
    'reason',
  ]);
  const quota = gauge('sending_daily_quota', 'Messages that the provider takes in 24 hours', ['channel']);
  const sent = gauge('sending_sent_last_24_hours', 'How much of it is used', ['channel']);
  const ageHelp = 'Since the provider last told its limits; +Inf: it never has';
  const age = gauge('sending_limits_age_seconds', ageHelp, ['channel']);
  for (const one of sending) {
    const channel = one.Channel;
    limit.set({ channel }, one.Limit);
    rate.set({ channel }, one.MessagesPerSecond);
    paused.set({ channel, reason: one.PausedFor ?? '' }, one.PausedFor === null ? 0 : 1);
    if (one.DailyQuota !== null) quota.set({ channel }, one.DailyQuota);
    if (one.SentLast24Hours !== null) sent.set({ channel }, one.SentLast24Hours);
    if (channel === 'EMAIL') age.set({ channel }, secondsSince(one.LimitsReadAt));
  }
}

/** An alert has to fire where it never happened, too. */
function secondsSince(instant: Date | null): number {
  return instant === null ? Number.POSITIVE_INFINITY : (Date.now() - instant.getTime()) / 1000;
}
