import type { Database } from '../../src/db/database.ts';
import type { TestMailbox } from '../../src/testing/testMailbox.ts';

/** Whose messages are judged. */
export interface Promised {
  readonly appId: string;
  readonly db: Database;
  readonly mailbox: TestMailbox;
}

export interface Judged {
  /** Where the promise was broken, and how; empty when it was kept. */
  readonly breaches: readonly string[];
  /** The messages of the ledger by state. */
  readonly states: Readonly<Record<string, number>>;
  /** Who received a transactional message twice, by the one door that is open for it. */
  readonly twice: number;
}

/** One message of the ledger, as far as the promise goes. */
interface Listed {
  readonly owner: string;
  readonly seq: number;
  readonly step: string;
  readonly endpoint: string;
  readonly class: 'marketing' | 'transactional';
  readonly state: string;
  readonly decision: string | null;
  /** Its calls that came to nobody knows what. */
  readonly unknownCalls: number;
}

/**
 * The oracle of every fault test: whoever is on the ledger as sent received it once, whoever is listed as unknown once or
 * not at all, everybody else not at all, and nobody received what is not on the ledger. A transactional message may be
 * received once more for a call of which nobody knew. The participant's own record agrees.
 */
export async function judgePromise({ appId, db, mailbox }: Promised): Promise<Judged> {
  const listed = await readLedger(db, appId);
  const received = (await mailbox.messages()).filter((message) => message.appId === appId);
  const counts = Map.groupBy(received, (message) => `${message.endpointId} ${message.activityId}`);
  const times = ({ endpoint, step }: Listed) => counts.get(`${endpoint} ${step}`)?.length ?? 0;
  const known = new Set(listed.map(({ endpoint, step }) => `${endpoint} ${step}`));
  return {
    breaches: [
      ...listed
        .filter((message) => !allowed(message).includes(times(message)))
        .map((message) => `received ${times(message)} times: ${JSON.stringify(message)}`),
      ...[...counts.keys()].filter((key) => !known.has(key)).map((key) => `not on the ledger: ${key}`),
      ...disagreements(listed),
    ],
    states: Object.fromEntries(
      [...Map.groupBy(listed, ({ state }) => state)].map(([state, rows]) => [state, rows.length]),
    ),
    twice: listed.filter((message) => times(message) === 2).length,
  };
}

function allowed(message: Listed): readonly number[] {
  const once = timesOf(message.state);
  if (message.class === 'marketing' || message.unknownCalls === 0) return once;
  const doorIsOpen = message.state === 'unknown' ? message.unknownCalls > 1 : once.includes(1);
  return doorIsOpen ? [...once, 2] : once;
}

function timesOf(state: string): readonly number[] {
  if (state === 'sent' || state === 'delivered') return [1];
  return state === 'unknown' ? [0, 1] : [0];
}

/** A step is recorded as sent when one of its messages was; a provider's later word may prove more than was known then. */
function disagreements(listed: readonly Listed[]): string[] {
  const steps = Map.groupBy(listed, ({ owner, step }) => `${owner} ${step}`);
  return [...steps.values()].flatMap((messages) => {
    const states = new Set(messages.map(({ state }) => state));
    const wasSent = states.has('sent') || states.has('delivered');
    const expected = wasSent ? ['sent', 'unknown'] : [...states];
    const [first] = messages;
    const recorded = first?.decision ?? 'nothing';
    return expected.includes(recorded)
      ? []
      : [`${first?.owner} ${first?.step} is recorded as ${recorded}, its messages are ${[...states].join()}`];
  });
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
    .select(['message.owner', 'message.seq', 'message.step', 'message.endpoint_id'])
    .select(['message.class', 'message.state', 'done.decision'])
    .select((query) =>
      query
        .selectFrom('message_attempt as call')
        .select(({ fn }) => fn.countAll<string>().as('calls'))
        .whereRef('call.app_id', '=', 'message.app_id')
        .whereRef('call.owner', '=', 'message.owner')
        .whereRef('call.seq', '=', 'message.seq')
        .where('call.outcome', '=', 'unknown')
        .as('unknown_calls'),
    )
    .where('message.app_id', '=', appId)
    .orderBy('message.owner')
    .orderBy('message.seq')
    .execute();
  return rows.map(({ endpoint_id, unknown_calls, ...row }) => ({
    ...row,
    endpoint: endpoint_id ?? '',
    unknownCalls: Number(unknown_calls),
  }));
}
