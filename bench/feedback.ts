import { sql } from 'kysely';
import { type Database, json, openDatabase } from '../src/db/database.ts';
import { newTimeId } from '../src/db/ids.ts';
import { migrate } from '../src/db/migrate.ts';
import { takeNotification } from '../src/ingest/feedback/takeNotification.ts';
import { claim } from '../src/sending/claim.ts';
import { inParallel } from '../src/sending/inParallel.ts';
import { formatMessageId, type MessageOwner } from '../src/sending/ledger.ts';
import { testDeps } from '../test/support/deps.ts';
import { machineLine } from './machine.ts';
import { withPostgres } from './withPostgres.ts';

/** As many as a queue gives at once. */
const AT_A_TIME = 10;
const MESSAGES = 2_000;
const appId = 'bench';
const kinds = ['Send', 'Delivery', 'Open'];

/**
 * Takes the notifications of 2,000 e-mails (sent, delivered, opened), and beside them the same number of the smallest
 * transactions that keep the same facts: one row written, one changed.
 */
export async function run(): Promise<void> {
  await withPostgres([], measure);
}

async function measure(url: string): Promise<void> {
  const db = openDatabase(url);
  try {
    await migrate(db);
    const owners = await claimed(db);
    const notifications = kinds.flatMap((kind) => owners.map((owner) => notification(owner, kind)));
    const deps = testDeps(db);
    const warm = await perSecond(notifications.slice(0, 200), (one) =>
      takeNotification(deps, one, new Date()),
    );
    const taken = await perSecond(notifications.slice(200), (one) => takeNotification(deps, one, new Date()));
    const rows = kinds.flatMap(() => owners).slice(200);
    const floor = await perSecond(rows, (owner) => smallest(db, owner));
    const again = await perSecond(notifications, (one) => takeNotification(deps, one, new Date()));
    console.log(machineLine());
    console.log(
      `notifications taken     ${taken.toFixed(0)} a second (${warm.toFixed(0)} while it warms up)`,
    );
    console.log(`smallest transactions   ${floor.toFixed(0)} a second: ratio ${(taken / floor).toFixed(2)}`);
    console.log(`repeated notifications  ${again.toFixed(0)} a second`);
  } finally {
    await db.destroy();
  }
}

async function claimed(db: Database): Promise<MessageOwner[]> {
  const now = new Date();
  await db
    .insertInto('app')
    .values({ id: appId, name: 'Bench', created_at: now, modified_at: now })
    .execute();
  const owners = Array.from({ length: MESSAGES }, (): MessageOwner => {
    const ids = { appId, owner: newTimeId(now), step: 'Welcome' };
    return { ...ids, kind: 'entry', channel: 'EMAIL', class: 'marketing', graceMs: 900_000 };
  });
  await inParallel(owners, AT_A_TIME, async (owner) => {
    const to = { recipient: owner.owner, endpointId: owner.owner, participant: `e:${owner.owner}` };
    const recipients = [{ ...to, channelType: 'EMAIL', address: `${owner.owner}@example.com` }];
    await db.transaction().execute((tx) => claim(tx, owner, recipients, { logical: now, real: now }));
  });
  return owners;
}

function notification({ owner }: MessageOwner, eventType: string): string {
  const timestamp = new Date().toISOString();
  const tags = { 'repoint-message': [formatMessageId({ owner, seq: 1 }, 1)], 'repoint-app': [appId] };
  const mail = { messageId: `ses-${owner}`, timestamp, source: 'shop@example.com', tags };
  return JSON.stringify({
    eventType,
    mail,
    [eventType.toLowerCase()]: { timestamp, userAgent: 'Mozilla/5.0' },
  });
}

async function smallest(db: Database, { owner }: MessageOwner): Promise<void> {
  const now = new Date();
  await db.transaction().execute(async (tx) => {
    await sql`insert into event (app_id, id, endpoint_id, participant, type, occurred_at, received_at, details)
      values (${appId}, ${newTimeId(now)}, 'ann', 'e:ann', '_email.open', ${now}, ${now}, ${json({})})`.execute(
      tx,
    );
    await sql`update message set settled_at = ${now} where app_id = ${appId} and owner = ${owner} and seq = 1`.execute(
      tx,
    );
  });
}

async function perSecond<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await inParallel(items, AT_A_TIME, work);
  return items.length / ((performance.now() - began) / 1000);
}
