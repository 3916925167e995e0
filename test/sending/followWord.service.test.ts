import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { suppressedAmong } from '../../src/db/people/suppressions.ts';
import { putEndpoint } from '../../src/ingest/endpoints/putEndpoint.ts';
import { takeNotification } from '../../src/ingest/feedback/takeNotification.ts';
import { claim } from '../../src/sending/claim.ts';
import { type Claim, formatMessageId, type MessageOwner } from '../../src/sending/ledger.ts';
import { testSettings } from '../../src/testing/testDeps.ts';
import { useDatabase } from '../support/database.ts';
import { testDeps } from '../support/deps.ts';

const start = Date.now() - 3_600_000;
const minute = (count: number) => new Date(start + count * 60_000);

const database = useDatabase();
beforeAll(async () => {
  const created = { upstream_app_id: null, created_at: minute(0), modified_at: minute(0) };
  await database.db
    .insertInto('app')
    .values(['shop', 'club'].map((id) => ({ id, name: id, ...created })))
    .execute();
});

let people = 0;
interface Person {
  readonly id: string;
  readonly channel: 'EMAIL' | 'SMS';
  readonly address: string;
}

/** Somebody with an endpoint in each of some apps, written at minute 0. */
async function somebody(channel: Person['channel'] = 'EMAIL', apps = ['shop']): Promise<Person> {
  people += 1;
  const address = channel === 'EMAIL' ? `person${people}@example.com` : `+1555010${1000 + people}`;
  const person = { id: `person${people}`, channel, address };
  for (const app of apps) await put(person, { address, channelType: channel }, 0, app);
  return person;
}

function put({ id }: Person, change: Parameters<typeof putEndpoint>[3], at: number, app = 'shop') {
  return database.db.transaction().execute((tx) => putEndpoint(tx, app, id, change, minute(at)));
}

async function claimFor({ id, channel, address }: Person): Promise<{ owner: MessageOwner; claim?: Claim }> {
  const ids = { appId: 'shop', owner: newTimeId(minute(1)), step: 'Welcome' };
  const owner: MessageOwner = { ...ids, kind: 'entry', channel, class: 'marketing', graceMs: 900_000 };
  const to = { recipient: id, endpointId: id, participant: `e:${id}`, channelType: channel, address };
  const [claimed] = await database.db
    .transaction()
    .execute((tx) => claim(tx, owner, [to], { logical: minute(1), real: minute(1) }));
  return claimed ? { owner, claim: claimed } : { owner };
}

function hear(message: object, settings: Record<string, string> = {}, sentAt = minute(2)) {
  const config: Config = readConfig({ ...testSettings, ...settings });
  return takeNotification(testDeps(database.db, { config }), JSON.stringify(message), sentAt);
}

function sesEvent({ owner }: MessageOwner, eventType: string, member: object, at: number) {
  const tags = { 'repoint-message': [formatMessageId({ owner, seq: 1 }, 1)], 'repoint-app': ['shop'] };
  const timestamp = minute(at).toISOString();
  return {
    eventType,
    [eventType.toLowerCase()]: { timestamp, ...member },
    mail: { messageId: `ses-${owner}`, timestamp: minute(1).toISOString(), tags },
  };
}

const bounce = (owner: MessageOwner, bounceType = 'Permanent') =>
  sesEvent(owner, 'Bounce', { bounceType }, 2);
const complaint = (owner: MessageOwner, at: number, complaintFeedbackType = 'abuse') =>
  sesEvent(owner, 'Complaint', { complaintFeedbackType }, at);
const unsubscribe = (owner: MessageOwner, at: number) =>
  sesEvent(owner, 'Click', { link: 'https://a.example', linkTags: { unsubscribeLinkTag: ['click'] } }, at);

async function endpointOf({ id }: Person, app = 'shop') {
  return await database.db
    .selectFrom('endpoint')
    .select(['opt_out', 'status'])
    .where('app_id', '=', app)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}
const isSuppressed = async ({ channel, address }: Person) =>
  (await suppressedAmong(database.db, channel, [address])).has(address);

it('suppresses an address that bounced for good, and leaves the endpoint as it is', async () => {
  const ann = await somebody();
  const { owner } = await claimFor(ann);
  await hear(bounce(owner));
  expect(await endpointOf(ann)).toEqual({ opt_out: 'NONE', status: 'ACTIVE' });
  const next = await claimFor({ ...ann, address: ann.address.toUpperCase() });
  expect(next.claim).toMatchObject({ kind: 'settled', state: 'skipped', reason: 'SUPPRESSED' });
});

it.each([
  ['a bounce that is not for good', (owner: MessageOwner) => bounce(owner, 'Transient'), {}],
  ['a bounce where REPOINT_SUPPRESS does not say so', bounce, { REPOINT_SUPPRESS: 'complaint' }],
  ["a report of 'not-spam'", (owner: MessageOwner) => complaint(owner, 2, 'not-spam'), {}],
])('changes nothing after %s', async (_, report, settings) => {
  const ann = await somebody();
  await hear(report((await claimFor(ann)).owner), settings);
  expect(await endpointOf(ann)).toEqual({ opt_out: 'NONE', status: 'ACTIVE' });
  expect(await isSuppressed(ann)).toBe(false);
});

it.each([
  ['a complaint', complaint, true],
  ['an unsubscription', unsubscribe, false],
])('opts the endpoint out after %s', async (_, report, suppresses) => {
  const ann = await somebody();
  const { owner } = await claimFor(ann);
  await hear(report(owner, 2));
  expect(await endpointOf(ann)).toEqual({ opt_out: 'ALL', status: 'ACTIVE' });
  expect(await isSuppressed(ann)).toBe(suppresses);
});

it.each([
  ['a complaint', complaint],
  ['an unsubscription', unsubscribe],
])('does not undo an opt-in by %s that is older, heard late', async (_, report) => {
  const ann = await somebody();
  const { owner } = await claimFor(ann);
  await put(ann, { optOut: 'NONE' }, 5);
  await hear(report(owner, 4));
  expect(await endpointOf(ann)).toMatchObject({ opt_out: 'NONE' });
  expect(await isSuppressed(ann)).toBe(false);
  await hear(report(owner, 6));
  await put(ann, { attributes: { seen: ['today'] } }, 7);
  expect(await endpointOf(ann)).toMatchObject({ opt_out: 'ALL' });
});

it('leaves alone an endpoint that has another address by now', async () => {
  const ann = await somebody();
  const { owner } = await claimFor(ann);
  await put(ann, { address: 'elsewhere@example.com' }, 1);
  await hear(unsubscribe(owner, 2));
  expect(await endpointOf(ann)).toMatchObject({ opt_out: 'NONE' });
});

it("opts every app's endpoints of a number out after STOP, and suppresses the number", async () => {
  const ann = await somebody('SMS', ['shop', 'club']);
  const { owner } = await claimFor(ann);
  const context = {
    repoint_message: formatMessageId({ owner: owner.owner, seq: 1 }, 1),
    repoint_app: 'shop',
  };
  await hear({
    event_type: '_SMS.OPTOUT',
    event_timestamp: minute(2).getTime(),
    attributes: { message_id: 'sms-1', customer_context: JSON.stringify(context) },
  });
  expect(await endpointOf(ann)).toMatchObject({ opt_out: 'ALL' });
  expect(await endpointOf(ann, 'club')).toMatchObject({ opt_out: 'ALL' });
  expect((await claimFor(ann)).claim).toMatchObject({ reason: 'SUPPRESSED' });
});

describe('two-way SMS', () => {
  let replies = 0;
  const reply = ({ address }: Person, messageBody: string, more = {}) => {
    replies += 1;
    return {
      originationNumber: address,
      destinationNumber: '+15550109999',
      messageBody,
      inboundMessageId: `in-${replies}`,
      ...more,
    };
  };
  const say = (person: Person, text: string, at: number) => hear(reply(person, text), {}, minute(at));

  it('opts a number out by STOP and in again by START, in every app', async () => {
    const ann = await somebody('SMS', ['shop', 'club']);
    expect(await say(ann, ' stop. ', 2)).toBe('recorded');
    expect(await endpointOf(ann)).toMatchObject({ opt_out: 'ALL' });
    expect(await endpointOf(ann, 'club')).toMatchObject({ opt_out: 'ALL' });
    expect(await isSuppressed(ann)).toBe(true);
    await say(ann, 'Start', 3);
    expect(await endpointOf(ann)).toMatchObject({ opt_out: 'NONE' });
    expect(await isSuppressed(ann)).toBe(false);
    expect((await claimFor(ann)).claim).toMatchObject({ kind: 'call' });
  });

  it('ignores what is no keyword, and what only has one in it', async () => {
    const ann = await somebody('SMS');
    for (const text of ['Thanks!', 'please do not stop', 'starting', '']) {
      expect(await say(ann, text, 2)).toBe('ignored');
    }
    expect(await endpointOf(ann)).toMatchObject({ opt_out: 'NONE' });
  });

  it('tells the journey of the message that a STOP answers', async () => {
    const ann = await somebody('SMS');
    const { owner } = await claimFor(ann);
    await database.db
      .updateTable('message')
      .set({ provider_message_id: 'sms-answered' })
      .where('owner', '=', owner.owner)
      .execute();
    const stop = reply(ann, 'STOP', { previousPublishedMessageId: 'sms-answered' });
    await hear(stop);
    await hear(stop, {}, minute(9));
    const events = await database.db
      .selectFrom('event')
      .select(['type', 'message_owner'])
      .where('app_id', '=', 'shop')
      .where('endpoint_id', '=', ann.id)
      .execute();
    expect(events).toEqual([{ type: '_SMS.OPTOUT', message_owner: owner.owner }]);
  });

  it('comes to the same in whatever order words are heard, and however often: the last that was said holds', async () => {
    const words = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('STOP', 'START')),
      { selector: ([at]) => at, minLength: 1, maxLength: 5 },
    );
    const heard = words.chain((said) =>
      fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 })),
    );
    await fc.assert(
      fc.asyncProperty(heard, async ([said, order]) => {
        const ann = await somebody('SMS');
        for (const [at, text] of order) await say(ann, text, at);
        const last = said.toSorted(([a], [b]) => b - a)[0]?.[1];
        expect(await endpointOf(ann)).toMatchObject({ opt_out: last === 'STOP' ? 'ALL' : 'NONE' });
        expect(await isSuppressed(ann)).toBe(last === 'STOP');
      }),
      { numRuns: 15 },
    );
  });
});
