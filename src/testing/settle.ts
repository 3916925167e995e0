import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { nextOutboxInstant, relayBatch } from '../client/relay.ts';
import type { Deps } from '../deps.ts';
import { drainDirtyEndpoints } from '../ingest/entering/journeyMembership.ts';
import { settleRequests } from '../sending/settleRequests.ts';
import { historyRests } from './historyRests.ts';
import type { TestMailbox } from './testMailbox.ts';

const SETTLE_TIMEOUT_MS = 30_000;
/** Real milliseconds of unrest after which the server is given time. */
const PATIENCE_MS = 3000;
/** Logical milliseconds: longer than a workflow task may take. */
const TASK_TIMEOUT_MS = 10_500;

/** A world under way. */
export interface Settling {
  readonly deps: Deps;
  readonly temporal: Client;
  readonly started: readonly string[];
  readonly closed: Set<string>;
  readonly mailbox: TestMailbox;
  readonly environment: TestWorkflowEnvironment;
}

/** Lets everything that is due happen: until outbox, written endpoints and every workflow are at rest. */
export async function settleWorld(settling: Settling): Promise<void> {
  const { deps, temporal, started, closed, mailbox, environment } = settling;
  const startedAt = Date.now();
  let patientUntil = startedAt + PATIENCE_MS;
  let quiet = 0;
  while (quiet < 2) {
    await mailbox.messages();
    const moved =
      (await drainDirtyEndpoints(deps)) + (await relayBatch(deps, temporal)) + (await settleRequests(deps));
    const rests = await Promise.all(
      started.filter((id) => !closed.has(id)).map((id) => historyRests(temporal, id, closed)),
    );
    const isQuiet = moved === 0 && rests.every(Boolean);
    quiet = isQuiet ? quiet + 1 : 0;
    if (!isQuiet) await pause(2);
    if (Date.now() > startedAt + SETTLE_TIMEOUT_MS)
      throw new Error(`the world does not come to rest: ${await unrest(temporal, started, closed)}`);
    if (!isQuiet && Date.now() > patientUntil) {
      // The test server may hand a task to a poll that has just ended, and finds out only when time passes.
      await environment.sleep(TASK_TIMEOUT_MS);
      patientUntil = Date.now() + PATIENCE_MS;
    }
  }
}

/** What is still under way, for the error's text. */
async function unrest(
  temporal: Client,
  started: readonly string[],
  closed: ReadonlySet<string>,
): Promise<string> {
  const open = started.filter((id) => !closed.has(id));
  const lasts = await Promise.all(
    open.map(async (id) => {
      const { events } = await temporal.workflow.getHandle(id).fetchHistory();
      return `${id}: ${events?.map((event) => event.eventType).join(' ')}`;
    }),
  );
  return lasts.join('; ');
}

/** The next logical instant at which the outbox or an entry has something to do. */
export async function nextInstant(deps: Deps, now: number): Promise<number> {
  const outbox = await nextOutboxInstant(deps.db);
  const entries = await deps.db
    .selectFrom('journey_entry')
    .select((eb) => eb.fn.min<Date | null>('wake_at').as('next'))
    .where('ended_at', 'is', null)
    .where('wake_at', '>', new Date(now))
    .executeTakeFirst();
  const instants = [outbox, entries?.next].flatMap((instant) => (instant ? [instant.getTime()] : []));
  return Math.min(...instants.filter((instant) => instant > now), Number.POSITIVE_INFINITY);
}
