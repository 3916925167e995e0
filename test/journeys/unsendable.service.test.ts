import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateEmailTemplateCommand,
  CreatePushTemplateCommand,
  DeleteEndpointCommand,
  DeletePushTemplateCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { minute, passedOver, useFaultyWorld } from '../support/faultyWorld.ts';
import { day, hour, putUser, received } from '../support/onboarding.ts';
import { tutorial } from '../support/tutorial.ts';

const world = useFaultyWorld();
afterEach(() => world.heal());

const withTemplate = (TemplateName: string) => (journey: WriteJourneyRequest) =>
  changeWelcome(journey, { TemplateName, TemplateVersion: undefined });

function changeWelcome(journey: WriteJourneyRequest, change: object): WriteJourneyRequest {
  const welcome = journey.Activities?.WelcomeEmail;
  return {
    ...journey,
    Activities: { ...journey.Activities, WelcomeEmail: { EMAIL: { ...welcome?.EMAIL, ...change } } },
  };
}

async function skips(appId: string) {
  return (await world.ledger(appId)).filter(({ state }) => state === 'skipped').map(({ reason }) => reason);
}

async function reasonOf(appId: string, step: string) {
  const row = await world.deps.db
    .selectFrom('journey_step')
    .select('reason')
    .where('app_id', '=', appId)
    .where('step', '=', step)
    .executeTakeFirst();
  return row?.reason;
}

async function endReasons(appId: string) {
  const entries = world.deps.db.selectFrom('journey_entry').select('end_reason').where('app_id', '=', appId);
  return (await entries.execute()).map(({ end_reason }) => end_reason);
}

describe('a template', () => {
  it('whose loops would produce too much text fails that person’s message with a reason and holds up nobody', async () => {
    const loop = '{{#each @root.User.UserAttributes.Many}}';
    const HtmlPart = `Hello ${loop.repeat(4)}x${'{{/each}}'.repeat(4)}`;
    await world.client.send(
      new CreateEmailTemplateCommand({
        TemplateName: 'poison',
        EmailTemplateRequest: { Subject: 'Hello', HtmlPart },
      }),
    );
    const { appId, user } = await world.enter(withTemplate('poison'));
    const Many = Array.from({ length: 50 }, (_, index) => `value ${index}`);
    const User = { UserId: user, UserAttributes: { Plan: ['premium'], Many } };
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: appId,
        EndpointId: `${user}-email`,
        EndpointRequest: { User },
      }),
    );
    await putUser(world, appId, 'neighbour');
    await world.advance(5 * day);
    expect(await skips(appId)).toEqual([expect.stringMatching(/^TEMPLATE_FAILED: its loops/)]);
    expect(await received(world, user)).toEqual(['PUSH ReengagePush']);
    expect(await received(world, 'neighbour')).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
    await world.promiseKept(appId);
  });

  it('that does not exist is passed over: TEMPLATE_MISSING', async () => {
    const { appId } = await world.enter(withTemplate('nobody-made-it'));
    await world.advance(5 * day);
    expect(await world.decisions(appId)).toEqual(passedOver('skipped'));
    expect(await reasonOf(appId, 'WelcomeEmail')).toBe('TEMPLATE_MISSING');
    expect(await world.promiseKept(appId)).toEqual({ sent: 1 });
  });

  it('that is deleted while somebody is on the way to its step is passed over, and they come to the end', async () => {
    const TemplateName = 'short-lived';
    const PushNotificationTemplateRequest = tutorial('06-create-push-template-reengage');
    await world.client.send(new CreatePushTemplateCommand({ TemplateName, PushNotificationTemplateRequest }));
    const { appId, user } = await world.enter((journey) => ({
      ...journey,
      Activities: { ...journey.Activities, ReengagePush: { PUSH: { TemplateName } } },
    }));
    await world.advance(day);
    await world.client.send(new DeletePushTemplateCommand({ TemplateName }));
    await world.advance(4 * day);
    expect(await world.decisions(appId)).toContain('ReengagePush skipped');
    expect(await reasonOf(appId, 'ReengagePush')).toBe('TEMPLATE_MISSING');
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
    expect(await endReasons(appId)).toEqual(['COMPLETED']);
  });
});

describe('a channel', () => {
  it('that was disabled sends nothing and the step says so', async () => {
    const { appId } = await world.enter();
    const EmailChannelRequest = { ...tutorial('02-update-email-channel'), Enabled: false };
    await world.client.send(new UpdateEmailChannelCommand({ ApplicationId: appId, EmailChannelRequest }));
    await world.advance(5 * day);
    expect(await world.decisions(appId)).toEqual(passedOver('skipped'));
    expect(await reasonOf(appId, 'WelcomeEmail')).toBe('CHANNEL_DISABLED');
    expect(await world.promiseKept(appId)).toEqual({ skipped: 1, sent: 1 });
  });

  it('without a From address sends nothing where the step has none either, and the step says so', async () => {
    const { appId } = await world.enter((journey) => changeWelcome(journey, { MessageConfig: undefined }));
    await world.deps.db
      .updateTable('channel')
      .set({ settings: sql`settings - 'FromAddress'` })
      .where('app_id', '=', appId)
      .where('kind', '=', 'EMAIL')
      .execute();
    await world.advance(minute);
    expect(await reasonOf(appId, 'WelcomeEmail')).toBe('FROM_ADDRESS_MISSING');
    expect(await world.promiseKept(appId)).toEqual({ skipped: 1 });
  });
});

describe('an upstream app that cannot be made', () => {
  let server: Server;
  let answer: number;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ Message: 'no' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  /** Somebody whose application has no upstream app yet, and an upstream that answers this. */
  async function enterWithout(status: number) {
    const traveller = await world.enter();
    await world.advance(4 * day - hour);
    await world.deps.db
      .updateTable('app')
      .set({ upstream_app_id: null })
      .where('id', '=', traveller.appId)
      .execute();
    answer = status;
    world.sendTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await world.advance(2 * hour);
    return traveller;
  }

  it('because it is refused passes the step over: UPSTREAM_APP_MISSING', async () => {
    const { appId } = await enterWithout(403);
    expect(await reasonOf(appId, 'ReengagePush')).toBe('UPSTREAM_APP_MISSING');
    expect(await world.promiseKept(appId)).toEqual({ sent: 1, skipped: 1 });
    expect([...(await world.statuses())]).not.toContain('FAILED');
  });

  it.each([429, 500])('because upstream answers %i now is asked for again: received once', async (status) => {
    const { appId, user } = await enterWithout(status);
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
    world.sendTo(world.mailbox.url);
    await world.advance(2 * minute);
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
    expect(await world.promiseKept(appId)).toEqual({ sent: 2 });
  });
});

describe('an endpoint that is deleted while its message is under way', () => {
  it('leaves nothing behind, and the journey goes on with the user’s others', async () => {
    const { appId, user } = await world.enter();
    world.around(async (send) => {
      const outcome = await send();
      const EndpointId = `${user}-email`;
      await world.client.send(new DeleteEndpointCommand({ ApplicationId: appId, EndpointId }));
      return outcome;
    });
    await world.advance(minute);
    world.heal();
    await world.advance(5 * day);
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail', 'PUSH ReengagePush']);
    expect(await world.ledger(appId)).toMatchObject([{ step: 'ReengagePush', state: 'sent' }]);
    expect([...(await world.statuses())]).not.toContain('FAILED');
  });
});
