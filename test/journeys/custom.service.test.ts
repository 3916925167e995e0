import { CreateEmailTemplateCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCustomChannel } from '../../src/channels/custom/createCustomChannel.ts';
import type { CustomChannel } from '../../src/channels/custom/customChannel.ts';
import { readConfig } from '../../src/config.ts';
import { asking, custom } from '../support/customSteps.ts';
import { startEntryScene } from '../support/entryScene.ts';
import { confirm, useHook } from '../support/hook.ts';
import { createTemplates, day, hour, type Onboarding, putUser, received } from '../support/onboarding.ts';
import { expectPromiseKept } from '../support/oracle.ts';
import { enter, publishSteps, push, recorded, wakesOf } from '../support/splits.ts';
import { useWorld } from '../support/world.ts';

const minute = 60_000;

let toMailbox: CustomChannel;

let customChannel: CustomChannel;

const world = useWorld({ deps: { customChannel: { call: (messages) => customChannel.call(messages) } } });

const hook = useHook();

beforeAll(async () => {
  toMailbox = createCustomChannel(world.deps.config, world.deps.log);
  customChannel = toMailbox;
  await createTemplates(world);
});

afterEach(() => {
  customChannel = toMailbox;
  hook.requests.length = 0;
  hook.answerHead(confirm);
  hook.answer((response) => response.end('{}'));
});

const uri = 'https://example.com/hook';

async function messagesOf({ appId }: Onboarding) {
  return await world.deps.db
    .selectFrom('message')
    .select(['endpoint_id', 'channel', 'class', 'state', 'reason', 'attempt', 'accepted_at'])
    .where('app_id', '=', appId)
    .where('step', '=', 'Hook')
    .orderBy('seq')
    .execute();
}

const promiseKept = ({ appId }: Onboarding) =>
  expectPromiseKept({ appId, db: world.deps.db, mailbox: world.mailbox });

describe('a custom step', () => {
  it('tells of all endpoints of its types in one call, each with a claim and an outcome of its own', async () => {
    const app = await publishSteps(world, asking(`${uri}/one`));
    await enter(world, app, 'one');
    const received = (await world.mailbox.messages({ channel: 'CUSTOM' })).filter(
      (message) => message.appId === app.appId,
    );
    expect(received.map(({ endpointId }) => endpointId)).toEqual(['one-email', 'one-iphone']);
    const payloads = received.map(({ body }) => JSON.parse(body ?? ''));
    expect(payloads[0]).toEqual(payloads[1]);
    expect(payloads[0]).toMatchObject({
      Message: {},
      Data: 'ask',
      ApplicationId: app.appId,
      ActivityId: 'Hook',
      Endpoints: {
        'one-email': {
          ChannelType: 'EMAIL',
          Address: 'one@example.com',
          EndpointStatus: 'ACTIVE',
          OptOut: 'NONE',
          User: { UserId: 'one', UserAttributes: { Plan: ['premium'] } },
        },
        'one-iphone': { ChannelType: 'APNS' },
      },
    });
    expect(payloads[0].JourneyId).toMatch(/^[0-9a-f]{32}$/);
    const rows = await messagesOf(app);
    const common = { channel: 'CUSTOM', class: 'marketing', state: 'sent', attempt: 1 };
    expect(rows).toMatchObject([
      { endpoint_id: 'one-email', ...common },
      { endpoint_id: 'one-iphone', ...common },
    ]);
    expect(await promiseKept(app)).toEqual({ sent: 3 });
  });

  it.each([
    ['yes', 'branch 1', 'Yes'],
    ['no', 'branch 2', 'No'],
    ['perhaps', 'else', 'Silent'],
  ])('lets a split right behind it go by the answer %s', async (Answer, branch, step) => {
    const deliveryUri = `${uri}/${Answer}`;
    await world.mailbox.answerCustom(deliveryUri, { Answer });
    const app = await publishSteps(world, asking(deliveryUri));
    await enter(world, app, Answer);
    const { told } = await recorded(world, app);
    expect(told).toEqual(['Hook sent', `Check ${branch}`, `${step} sent`]);
    expect(await wakesOf(world, Answer), 'a wake for what the workflow looks at anyway').toBe(0);
  });

  it('lets a split that waits go by the answer at once, with one wake', async () => {
    const deliveryUri = `${uri}/waits`;
    await world.mailbox.answerCustom(deliveryUri, { Answer: 'yes' });
    const { Check, ...steps } = asking(deliveryUri);
    const waiting = { MultiCondition: { ...Check?.MultiCondition, EvaluationWaitTime: { WaitFor: 'P1D' } } };
    const app = await publishSteps(world, { ...steps, Check: waiting });
    await enter(world, app, 'waits');
    expect((await recorded(world, app)).told).toEqual(['Hook sent', 'Check branch 1', 'Yes sent']);
    expect(await wakesOf(world, 'waits')).toBe(1);
  });

  it('tells templates behind it what was answered, and what started the journey', async () => {
    await world.mailbox.answerCustom(`${uri}/words`, { Answer: '20 % <off>' });
    const TextPart =
      '{{Event.Type}} {{Event.Attributes.cart}} {{multiply Event.Metrics.total 2}} {{Answers.Hook.Answer}} {{Answers.Other.Answer}}';
    await world.client.send(
      new CreateEmailTemplateCommand({
        TemplateName: 'basket',
        EmailTemplateRequest: {
          Subject: '{{Event.Attributes.missing}}',
          TextPart,
          HtmlPart: '<p>{{Answers.Hook.Answer}}</p>',
          DefaultSubstitutions: '{"Event":{"Attributes":{"missing":"your basket","cart":"?"}}}',
        },
      }),
    );
    const EventType = { DimensionType: 'INCLUSIVE' as const, Values: ['basket.left'] };
    const EventFilter = { FilterType: 'ENDPOINT', Dimensions: { EventType } } as const;
    const scene = await startEntryScene(world, {
      change: (journey) => ({
        ...journey,
        StartCondition: { EventStartCondition: { EventFilter } },
        StartActivity: 'Hook',
        Activities: {
          Hook: custom(`${uri}/words`, ['EMAIL'], 'Mail'),
          Mail: { EMAIL: { TemplateName: 'basket' } },
        },
      }),
    });
    await scene.put('words', 'free');
    await scene.event('words', 'basket.left', {
      Attributes: { cart: 'tea & cake' },
      Metrics: { total: 12.5 },
    });
    await world.settle();
    const [mail] = (await world.mailbox.messages({ channel: 'EMAIL' })).filter(
      ({ appId }) => appId === scene.appId,
    );
    expect(mail).toMatchObject({
      subject: 'your basket',
      text: 'basket.left tea & cake 25 20 % <off> ',
      html: '<p>20 % &lt;off&gt;</p>',
    });
  });

  it('makes the answer an event of the message, which counts from its claim on', async () => {
    const deliveryUri = `${uri}/event`;
    await world.mailbox.answerCustom(deliveryUri, { Answer: 'yes' });
    const app = await publishSteps(world, asking(deliveryUri));
    await enter(world, app, 'event');
    const [row] = await messagesOf(app);
    const events = await world.deps.db
      .selectFrom('event')
      .select(['endpoint_id', 'type', 'attributes', 'received_at', 'message_seq'])
      .where('app_id', '=', app.appId)
      .where('type', '=', '_custom.response')
      .orderBy('message_seq')
      .execute();
    expect(events).toMatchObject([
      { endpoint_id: 'event-email', message_seq: 1, received_at: row?.accepted_at },
      { endpoint_id: 'event-iphone', message_seq: 2, received_at: row?.accepted_at },
    ]);
    expect(events[0]?.attributes).toMatchObject({ Answer: 'yes', journey_activity_id: 'Hook' });
  });

  it('passes over who has no endpoint of its types, CUSTOM where it names none', async () => {
    const app = await publishSteps(world, { Hook: custom(uri, undefined, 'Push'), Push: push() });
    await enter(world, app, 'none');
    await world.advance(2 * minute);
    expect((await recorded(world, app)).steps).toMatchObject([
      { step: 'Hook', kind: 'custom', decision: 'skipped', reason: 'NO_ENDPOINT_ON_CHANNEL' },
      { step: 'Push', decision: 'sent' },
    ]);
    const request = { ChannelType: 'CUSTOM' as const, Address: 'line-id', User: { UserId: 'some' } };
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: app.appId,
        EndpointId: 'some-line',
        EndpointRequest: request,
      }),
    );
    await putUser(world, app.appId, 'some');
    await world.settle();
    expect(await received(world, 'some')).toEqual(['CUSTOM Hook', 'PUSH Push']);
  });

  it('does not tell of an endpoint that is opted out', async () => {
    const app = await publishSteps(world, {
      Wait: { Wait: { WaitTime: { WaitFor: 'PT1H' }, NextActivity: 'Hook' } },
      Hook: custom(uri, ['PUSH', 'EMAIL']),
    });
    await enter(world, app, 'opted');
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: app.appId,
        EndpointId: 'opted-email',
        EndpointRequest: { OptOut: 'ALL' },
      }),
    );
    await world.advance(2 * hour);
    expect((await messagesOf(app)).map((row) => row.endpoint_id)).toEqual(['opted-iphone']);
  });

  it('is called again when the channel throttles, and once', async () => {
    let calls = 0;
    world.mailbox.inject(({ message }) => {
      if (message.channel !== 'CUSTOM') return undefined;
      calls += 1;
      return calls === 1 ? { kind: 'status', status: 429, code: 'TooManyRequestsException' } : undefined;
    });
    const app = await publishSteps(world, { Hook: custom(uri, ['EMAIL']) });
    await enter(world, app, 'throttled');
    await world.advance(5 * minute);
    world.mailbox.inject();
    expect(await messagesOf(app)).toMatchObject([{ state: 'sent', attempt: 2 }]);
    expect(await promiseKept(app)).toEqual({ sent: 1 });
  });
});

describe('a webhook', () => {
  /** From now on custom steps call real webhooks; hook.test is the one of this test. */
  function goLive(allow = '127.0.0.1') {
    const config = readConfig({ REPOINT_WEBHOOK_ALLOW: allow });
    customChannel = createCustomChannel(config, world.deps.log, {
      ca: hook.certificate,
      resolve: (_, __, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
  }
  const asked = () => hook.requests.map(({ method, path }) => `${method} ${path}`);

  it('shows once for each application that it wants its messages, and its answer decides a split', async () => {
    goLive();
    hook.answer((response, { body }) => {
      const ids = Object.keys(JSON.parse(body).Endpoints);
      response.end(
        JSON.stringify(Object.fromEntries(ids.map((id) => [id, { EventAttributes: { Answer: 'no' } }]))),
      );
    });
    const app = await publishSteps(world, asking(`${hook.url}a`));
    await enter(world, app, 'first');
    await enter(world, app, 'second');
    expect(asked()).toEqual(['HEAD /a', 'POST /a', 'POST /a']);
    expect((await recorded(world, app)).told).toEqual([
      'Hook sent',
      'Check branch 2',
      'No sent',
      'Hook sent',
      'Check branch 2',
      'No sent',
    ]);
    const other = await publishSteps(world, asking(`${hook.url}a`));
    await enter(world, other, 'third');
    expect(asked().slice(3)).toEqual(['HEAD /a', 'POST /a']);
  });

  it('that failed after it got the payload is unknown after its grace, is not called again and holds nobody up', async () => {
    goLive();
    hook.answer((response) => response.writeHead(500).end());
    const app = await publishSteps(world, asking(`${hook.url}fails`));
    await enter(world, app, 'fails');
    await world.advance(day);
    expect(asked()).toEqual(['HEAD /fails', 'POST /fails']);
    const unknown = { state: 'unknown', reason: 'the webhook answered 500', attempt: 1 };
    expect(await messagesOf(app)).toMatchObject([unknown, unknown]);
    expect((await recorded(world, app)).told).toEqual(['Hook unknown', 'Check else', 'Silent sent']);
  });

  it('that does not want the messages of the account gets none', async () => {
    goLive();
    hook.answerHead((response) => response.end());
    const app = await publishSteps(world, asking(`${hook.url}unwilling`));
    await enter(world, app, 'unwilling');
    expect(asked()).toEqual(['HEAD /unwilling']);
    const [row] = await messagesOf(app);
    expect(row?.reason).toMatch(/^WEBHOOK_NOT_CONFIRMED: /);
    expect((await recorded(world, app)).told).toEqual(['Hook failed', 'Check else', 'Silent sent']);
  });

  it('at an address inside is not called, and the person goes on', async () => {
    goLive('');
    const app = await publishSteps(world, asking(hook.url));
    await enter(world, app, 'inside');
    expect(hook.requests).toEqual([]);
    expect((await recorded(world, app)).steps[0]).toMatchObject({ step: 'Hook', decision: 'failed' });
    expect((await messagesOf(app))[0]?.reason).toMatch(/^CUSTOM_DELIVERY_FAILURE: its address is private/);
    expect(await received(world, 'inside')).toEqual(['EMAIL Silent']);
  });
});
