import { setTimeout as pause } from 'node:timers/promises';
import { UpdateJourneyStateCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { createJourneyActivities } from '../../src/activities/journey/createJourneyActivities.ts';
import { tendJourney } from '../../src/activities/journey/tendJourney.ts';
import type { Sender } from '../../src/channels/channel.ts';
import { createSender } from '../../src/channels/createSender.ts';
import { createUpstream } from '../../src/channels/upstream/upstreamPinpoint.ts';
import { createLog } from '../../src/log.ts';
import { useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { useMailbox } from '../support/mailbox.ts';
import { createTemplates, publishOnboarding, setUpOnboarding } from '../support/onboarding.ts';

const people = 2000;

/** Calls to the provider: how many have begun, and how many are under way. */
const calls = { begun: 0, underWay: 0 };
const database = useDatabase();
const mailbox = useMailbox();
const api = useApi(database, () => {
  const { config } = mailbox;
  const sender = createSender(config, createLog('silent'));
  const send: Sender['send'] = async (message) => {
    calls.begun += 1;
    calls.underWay += 1;
    try {
      return await sender.send(message);
    } finally {
      calls.underWay -= 1;
    }
  };
  return { deps: { config, sender: { send }, upstream: createUpstream(config) } };
});
beforeAll(() => mailbox.pointAt(api.url));

async function addPeople(appId: string): Promise<void> {
  const at = sql`now()`;
  await sql`insert into app_user (app_id, id, attributes, updated_at)
    select ${appId}::text, 'user' || n, '{"Plan": ["premium"]}', ${at} from generate_series(1, ${people}::int) n`.execute(
    database.db,
  );
  await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
    select ${appId}::text, 'endpoint' || n, 'user' || n, 'EMAIL', n || '@example.com', 'ACTIVE', 'NONE', 0, ${at}, ${at}, ${at}
    from generate_series(1, ${people}::int) n`.execute(database.db);
}

async function enterAll(appId: string, journeyId: string): Promise<string[]> {
  while ((await tendJourney(api.deps, { appId, journeyId })).is === 'again');
  const entries = await database.db
    .selectFrom('journey_entry')
    .select('id')
    .where('app_id', '=', appId)
    .execute();
  return entries.map((entry) => entry.id);
}

/** Sends the welcome to one after the other, sixteen at a time, as the workers' activities do. */
async function sendToAll(appId: string, entryIds: readonly string[]): Promise<void> {
  const { sendEmail } = createJourneyActivities(api.deps);
  const left = [...entryIds];
  const sendNext = async (): Promise<void> => {
    for (let entryId = left.pop(); entryId !== undefined; entryId = left.pop()) {
      const now = Date.now();
      await sendEmail({ appId, entryId, step: 'WelcomeEmail', since: now, waits: [], now, last: false });
    }
  };
  await Promise.all(Array.from({ length: 16 }, sendNext));
}

it(`a cancel in the middle of sending to ${people} returns at once, nothing leaves after it, and the rest is ended piece by piece`, {
  timeout: 120_000,
}, async () => {
  await createTemplates(api);
  const onboarding = await setUpOnboarding(api);
  const { appId } = onboarding;
  await addPeople(appId);
  const journeyId = await publishOnboarding(api, onboarding);
  const entryIds = await enterAll(appId, journeyId);
  expect(entryIds).toHaveLength(people);

  const sending = sendToAll(appId, entryIds);
  await expect.poll(() => calls.begun, { timeout: 30_000, interval: 10 }).toBeGreaterThan(100);
  const asked = Date.now();
  await api.client.send(
    new UpdateJourneyStateCommand({
      ApplicationId: appId,
      JourneyId: journeyId,
      JourneyStateRequest: { State: 'CANCELLED' },
    }),
  );
  expect(Date.now() - asked).toBeLessThan(5000);
  const { begun, underWay } = calls;
  expect(underWay).toBe(0);
  expect(begun).toBeLessThan(people);
  await sending;
  expect(calls.begun).toBe(begun);

  const pieces: number[] = [];
  const openEntries = async () => {
    const rows = await database.db
      .selectFrom('journey_entry')
      .select('id')
      .where('ended_at', 'is', null)
      .execute();
    return rows.length;
  };
  for (let next = await tendJourney(api.deps, { appId, journeyId }); next.is !== 'over'; ) {
    pieces.push(await openEntries());
    if (next.is === 'sleep') await pause(Math.max(0, (next.until ?? 0) - Date.now()));
    next = await tendJourney(api.deps, { appId, journeyId });
  }
  expect(pieces.every((left, index) => index === 0 || (pieces[index - 1] ?? 0) - left <= 500)).toBe(true);
  const reasons = await database.db
    .selectFrom('journey_entry')
    .select(['end_reason', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('end_reason')
    .execute();
  expect(reasons).toEqual([{ end_reason: 'CANCELLED', count: String(people) }]);
});
