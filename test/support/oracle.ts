import { expect } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import type { TestMailbox } from './mailbox.ts';

/** What is promised of every message of a journey, whatever failed. */
export interface Promised {
  readonly appId: string;
  readonly db: Database;
  readonly mailbox: TestMailbox;
}

/** One message of the ledger, as far as the promise goes. */
interface Listed {
  readonly owner: string;
  readonly seq: number;
  readonly step: string;
  readonly endpoint: string;
  readonly state: string;
  readonly decision: string | null;
}

/**
 * The oracle of every fault test: whoever is on the ledger as sent received it once, whoever is listed as unknown once or
 * not at all, everybody else not at all, and nobody received what is not on the ledger. The participant's own record
 * agrees. Answers the messages by state.
 */
export async function expectPromiseKept({ appId, db, mailbox }: Promised): Promise<Record<string, number>> {
  const listed = await readLedger(db, appId);
  const received = (await mailbox.messages()).filter((message) => message.appId === appId);
  const counts = Map.groupBy(received, (message) => `${message.endpointId} ${message.activityId}`);
  const times = ({ endpoint, step }: Listed) => counts.get(`${endpoint} ${step}`)?.length ?? 0;
  const broken = listed.filter((message) => !allowed(message.state).includes(times(message)));
  expect(broken.map((message) => ({ ...message, received: times(message) }))).toEqual([]);
  const known = new Set(listed.map(({ endpoint, step }) => `${endpoint} ${step}`));
  expect([...counts.keys()].filter((key) => !known.has(key))).toEqual([]);
  expectRecordsAgree(listed);
  return Object.fromEntries(
    [...Map.groupBy(listed, ({ state }) => state)].map(([state, rows]) => [state, rows.length]),
  );
}

function allowed(state: string): readonly number[] {
  if (state === 'sent' || state === 'delivered') return [1];
  return state === 'unknown' ? [0, 1] : [0];
}

/** A step is recorded as sent when one of its messages was; a provider's later word may prove more than was known then. */
function expectRecordsAgree(listed: readonly Listed[]): void {
  const steps = Map.groupBy(listed, ({ owner, step }) => `${owner} ${step}`);
  for (const messages of steps.values()) {
    const states = new Set(messages.map(({ state }) => state));
    const wasSent = states.has('sent') || states.has('delivered');
    const expected = wasSent ? ['sent', 'unknown'] : [...states];
    expect(expected, messages[0]?.step).toContain(messages[0]?.decision);
  }
}

async function readLedger(db: Database, appId: string): Promise<Listed[]> {
  const rows = await db
    .selectFrom('message')
    .leftJoin('journey_step as done', (join) =>
      join
        .onRef('done.app_id', '=', 'message.app_id')
        .onRef('done.entry_id', '=', 'message.owner')
        .onRef('done.step', '=', 'message.step'),
    )
    .select(['message.owner', 'message.seq', 'message.step', 'message.endpoint_id', 'message.state'])
    .select('done.decision')
    .where('message.app_id', '=', appId)
    .orderBy('message.owner')
    .orderBy('message.seq')
    .execute();
  return rows.map(({ endpoint_id, ...row }) => ({ ...row, endpoint: endpoint_id ?? '' }));
}
