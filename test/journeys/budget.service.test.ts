import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { costOf } from '../support/journeyCost.ts';
import {
  day,
  hour,
  play,
  publishOnboarding,
  putUser,
  received,
  setUpOnboarding,
} from '../support/onboarding.ts';
import { enterTutorial, useTutorialWorld } from '../support/tutorialWorld.ts';
import type { World } from '../support/world.ts';

const world = useTutorialWorld();

const enter = (user: string) => enterTutorial(world, user);

describe("the tutorial's journey", () => {
  it('costs a participant who never opens at most 5 actions and 23 events, under 4 KB', async () => {
    await enter('never');
    await world.advance(5 * day);
    expect(await received(world, 'never')).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
    const cost = await costOf(world, 'never');
    expect(cost.actions).toBeLessThanOrEqual(5);
    expect(cost.events).toBeLessThanOrEqual(23);
    expect(cost.bytes).toBeLessThan(4096);
  });

  it.each([
    ['early', day],
    ['late', 3 * day + hour],
  ])('costs a participant who opens %s at most 6 actions and 24 events, under 4 KB', async (user, after) => {
    await enter(user);
    await world.advance(after);
    await play(world, 'WelcomeEmail', 'open', user);
    await world.advance(5 * day);
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
    const cost = await costOf(world, user);
    expect(cost.actions).toBeLessThanOrEqual(6);
    expect(cost.events).toBeLessThanOrEqual(24);
    expect(cost.bytes).toBeLessThan(4096);
  });

  it('reads like the journey in the Web UI: timers and activities are named by their steps', async () => {
    const id = world.startedWorkflows().find((workflowId) => workflowId.includes('/never-')) ?? '';
    const history = await world.temporal.workflow.getHandle(id).fetchHistory();
    const summaries = (history.events ?? []).flatMap((event) => {
      const data = event.userMetadata?.summary?.data;
      return data ? [JSON.parse(Buffer.from(data).toString())] : [];
    });
    expect(summaries).toEqual([
      'New User Onboarding',
      'WelcomeEmail',
      'Wait3Days, CheckEngagement',
      'ReengagePush',
    ]);
  });
});

describe('histories', () => {
  it('hold no address, attribute or text of anybody, failures included', async () => {
    const onboarding = await setUpOnboarding(world);
    await publishOnboarding(world, onboarding);
    const marked = 'zq7-recognisable';
    const { db } = world.deps;
    await putUser(world, onboarding.appId, 'marked');
    await db
      .updateTable('app_user')
      .set({ attributes: JSON.stringify({ Plan: ['premium'], FirstName: [marked] }) })
      .where('id', '=', 'marked')
      .execute();
    await db
      .updateTable('endpoint')
      .set({ address: `${marked}@example.com` })
      .where('id', '=', 'marked-email')
      .execute();
    world.mailbox.inject(({ number }) =>
      number === 1 ? { kind: 'status', status: 429, code: 'Throttling' } : undefined,
    );
    await failFirstCommit(world, marked);
    await world.settle();
    await world.advance(5 * day);
    const messages = (await world.mailbox.messages()).filter(
      (message) => message.to === `${marked}@example.com`,
    );
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages)).toContain(marked);
    const histories = await Promise.all(world.startedWorkflows().map(readableHistory));
    const { rows } = await sql<{ last_value: string }>`select last_value from commits`.execute(world.deps.db);
    expect(Number(rows[0]?.last_value), 'commits, the failed one among them').toBeGreaterThan(1);
    for (const history of histories) {
      for (const personal of [marked, '@example.com', 'premium', 'Welcome to'])
        expect(history).not.toContain(personal);
    }
  });
});

/** A history as text, its payloads decoded. */
async function readableHistory(workflowId: string): Promise<string> {
  const text = historyToJSON(await world.temporal.workflow.getHandle(workflowId).fetchHistory());
  return text.replace(/"data": ?"([A-Za-z0-9+/=]+)"/g, (_, data) => Buffer.from(data, 'base64').toString());
}

/** The first transaction that records a step fails, with an error that quotes somebody as Postgres may do. */
async function failFirstCommit({ deps }: World, quoted: string): Promise<void> {
  await sql`create sequence commits`.execute(deps.db);
  await sql`create function fail_once() returns trigger language plpgsql as ${sql.lit(
    `begin if nextval('commits') = 1 then raise exception '${quoted}@example.com is refused'; end if; return new; end`,
  )}`.execute(deps.db);
  await sql`create trigger fail_once before insert on journey_step execute function fail_once()`.execute(
    deps.db,
  );
}
