import { sql } from 'kysely';
import type { Queryable } from '../../src/db/database.ts';
import { newTimeId } from '../../src/db/ids.ts';
import type { Deps } from '../../src/deps.ts';
import { claim, claimNew, type Say } from '../../src/sending/claim.ts';
import { outgoing } from '../../src/sending/compose.ts';
import { deliver } from '../../src/sending/deliver.ts';
import { inParallel } from '../../src/sending/inParallel.ts';
import type { CallClaim, MessageOwner, Recipient } from '../../src/sending/ledger.ts';
import type { Rendered } from '../../src/templates/rendered.ts';

const appId = 'bench';
/** Calls under way at one time, in each of the ways; a campaign claims as many together. */
const CALLS_AT_A_TIME = 25;
const settings = {
  ...{
    appId,
    channelType: 'EMAIL',
    enabled: true,
    fromAddress: 'us@example.com',
    configurationSet: 'events',
  },
  upstreamAppId: null,
};

/** Some sends; answers in how many seconds. */
export type Sends = (deps: Deps, rendered: Rendered, count: number) => Promise<number>;

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

function recipient(number: number): Recipient {
  const endpointId = `endpoint-${number}`;
  const to = { recipient: endpointId, endpointId, participant: `u:user-${number}` };
  return { ...to, channelType: 'EMAIL', address: `person${number}@example.com` };
}

function ownerAt(now: Date, kind: MessageOwner['kind']): MessageOwner {
  const ids = { appId, owner: newTimeId(now), kind, step: 'WelcomeEmail', channel: 'EMAIL' } as const;
  return { ...ids, class: 'marketing', journeyId: 'journey', graceMs: 900_000 };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** The SDK's calls and nothing else. */
export const bare: Sends = ({ sender }, rendered, count) =>
  timed(() =>
    inParallel(numbers(count), CALLS_AT_A_TIME, async (number) => {
      const call = { messageId: `${newTimeId(new Date())}-1-1`, recipient: recipient(number) };
      const outcome = await sender.send(outgoing(rendered, call, {}, settings));
      if (outcome.kind !== 'accepted') throw new Error(`the far end answered ${outcome.kind}`);
    }),
  );

/** Where the claim of a message is written: in the transaction of what else is decided, or by itself. */
type Claiming = (deps: Deps, write: (db: Queryable) => Promise<CallClaim[]>) => Promise<CallClaim[]>;

const inTransaction: Claiming = ({ db }, write) => db.transaction().execute(write);
const byItself: Claiming = ({ db }, write) => write(db);

/** A claim, what is said, the call and its record for each. */
const oneByOne =
  (kind: 'entry' | 'request', claiming: Claiming): Sends =>
  (deps, rendered, count) =>
    timed(() =>
      inParallel(numbers(count), CALLS_AT_A_TIME, async (number) => {
        const logical = new Date();
        const owner = ownerAt(logical, kind);
        const time = { logical, real: logical };
        const say: Say = async () => ({ rendered, template: { name: 'welcome', version: 1 } });
        const [call] = await claiming(deps, (db) => claimNew(db, owner, [recipient(number)], time, say, 1));
        if (call === undefined) throw new Error('the claim of a new message is a call');
        await deliver(deps, owner, call, outgoing(rendered, call, {}, settings));
      }),
    );

export const asJourneys = oneByOne('entry', inTransaction);
export const asRequests = oneByOne('request', byItself);

/** Claimed by the chunk, as a campaign's. */
export const asCampaigns: Sends = (deps, rendered, count) =>
  timed(async () => {
    const owner = ownerAt(new Date(), 'campaign');
    const all = numbers(count);
    for (let first = 0; first < count; first += CALLS_AT_A_TIME) {
      const logical = new Date();
      const recipients = all.slice(first, first + CALLS_AT_A_TIME).map(recipient);
      const claims = await deps.db
        .transaction()
        .execute((tx) => claim(tx, owner, recipients, { logical, real: logical }));
      const calls = claims.filter((claimed): claimed is CallClaim => claimed.kind === 'call');
      await Promise.all(
        calls.map((call) => deliver(deps, owner, call, outgoing(rendered, call, {}, settings))),
      );
    }
  });

/** What a message takes of Postgres, in its tables and their indexes. */
export async function bytesPerMessage({ db }: Pick<Deps, 'db'>): Promise<number> {
  await sql`vacuum full`.execute(db);
  const { rows } = await sql<{ bytes: string; messages: string }>`
    select sum(pg_total_relation_size(inhrelid)) as bytes, (select count(*) from message) as messages
    from pg_inherits where inhparent in ('message'::regclass, 'message_attempt'::regclass)`.execute(db);
  const [size] = rows;
  return Math.round(Number(size?.bytes) / Number(size?.messages));
}
