import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateJourneyCommand,
  CreateSmsTemplateCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import type { Fault } from '../../src/channels/mailbox/faults.ts';
import { inParallel } from '../../src/sending/inParallel.ts';
import type { KillableStack } from './killableStack.ts';
import { createTemplates, setUpOnboarding } from './onboarding.ts';
import { type Judged, judgePromise } from './promise.ts';
import { randomFrom } from './random.ts';

/** How much is sent and how often a worker dies. Each person gets an e-mail and a transactional SMS: two sends. */
export interface LedgerKills {
  readonly people: number;
  readonly kills: number;
  readonly seed: number;
  /** Real milliseconds in which everybody has to be through. */
  readonly timeoutMs: number;
}

export const killSettings = { REPOINT_UNKNOWN_GRACE_SECONDS: '2', REPOINT_SMS_PER_SECOND: '1000' };

/** A call that is never answered holds its worker's activity for ten seconds: one send of so many. */
const STALLED_OF = 200;

/** One send in five goes wrong, in one of the ways in which it can. */
function trouble(number: number, random: () => number): Fault | undefined {
  if (number % STALLED_OF === 10) return { kind: 'stall', accepted: random() < 0.5 };
  const luck = random();
  if (luck < 0.08) return { kind: 'drop' };
  if (luck < 0.11) return { kind: 'status', status: 500, code: 'InternalFailure', accepted: true };
  if (luck < 0.14) return { kind: 'status', status: 500, code: 'InternalFailure' };
  // few: each of them slows the whole channel down
  if (luck < 0.145) return { kind: 'status', status: 429, code: 'TooManyRequestsException' };
  if (luck < 0.15) return { kind: 'status', status: 429, code: 'TooManyRequestsException', retryAfter: '1' };
  if (luck < 0.18) return { kind: 'status', status: 400, code: 'BadRequestException' };
  return undefined;
}

/**
 * Sends people through a journey of two messages while the far end fails in every way it can, in an order that the seed
 * decides, and workers are killed: as a provider has a send before it, so that its answer never comes. Providers report twice
 * and in disorder. Judges what came of it once everybody is through.
 * @throws Error when somebody is not through in time
 */
export async function runLedgerKills(
  stack: KillableStack,
  { people, kills, seed, timeoutMs }: LedgerKills,
): Promise<Judged & { readonly appId: string; readonly kills: number }> {
  const random = randomFrom(seed);
  const appId = await publishTwoMessages(stack);
  await stack.startWorker();
  const killer = killAtSends(stack, Math.floor((people * 2) / (kills + 1)), kills);
  stack.mailbox.inject(({ number }) => {
    killer.seen(number);
    return trouble(number, random);
  });
  const everybody = Array.from({ length: people }, (_, person) => person);
  let entering = true;
  const entered = inParallel(everybody, 4, (person) => putPerson(stack, appId, person)).finally(() => {
    entering = false;
  });
  const deadline = Date.now() + timeoutMs;
  while (entering || killer.isBusy() || (await throughCount(stack, appId)) < people) {
    await killer.revive();
    if (Date.now() > deadline)
      throw new Error(`${await throughCount(stack, appId)} of ${people} are through after ${timeoutMs} ms`);
    await pause(100);
  }
  await entered;
  stack.mailbox.inject();
  await reportInDisorder(stack, random);
  const judged = await judgePromise({ appId, db: stack.database.db, mailbox: stack.mailbox });
  return { ...judged, appId, kills: killer.count() };
}

async function publishTwoMessages(stack: KillableStack): Promise<string> {
  const { client } = stack;
  await createTemplates(stack);
  const sms = { TemplateName: 'code', SMSTemplateRequest: { Body: 'Your code' } };
  await client.send(new CreateSmsTemplateCommand(sms));
  const { appId: ApplicationId, segmentId } = await setUpOnboarding(stack);
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  const WriteJourneyRequest = {
    Name: 'Two messages',
    State: 'ACTIVE' as const,
    StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
    StartActivity: 'Mail',
    Activities: {
      Mail: { EMAIL: { TemplateName: 'welcome-email-template', NextActivity: 'Code' } },
      Code: { SMS: { TemplateName: 'code', MessageConfig: { MessageType: 'TRANSACTIONAL' as const } } },
    },
  };
  await client.send(new CreateJourneyCommand({ ApplicationId, WriteJourneyRequest }));
  return ApplicationId;
}

/** The phone first: who is inside has both. */
async function putPerson({ client }: KillableStack, ApplicationId: string, person: number): Promise<void> {
  const User = { UserId: `person${person}`, UserAttributes: { Plan: ['premium'] } };
  const phone = { ChannelType: 'SMS' as const, Address: `+1555${String(person).padStart(7, '0')}` };
  const mail = { ChannelType: 'EMAIL' as const, Address: `person${person}@example.com`, OptOut: 'NONE' };
  for (const [kind, endpoint] of Object.entries({ phone, mail })) {
    const EndpointRequest = { ...endpoint, User };
    const EndpointId = `person${person}-${kind}`;
    await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
  }
}

/** Kills the worker whenever so many more sends have reached the provider. */
function killAtSends(stack: KillableStack, every: number, kills: number) {
  let done = 0;
  let dying: Promise<void> | undefined;
  return {
    seen: (sends: number) => {
      if (dying !== undefined || done >= kills || sends < (done + 1) * every) return;
      done += 1;
      dying = stack.endWorker('SIGKILL');
    },
    /** Starts another worker where one was killed. */
    revive: async () => {
      if (dying === undefined) return;
      await dying;
      await stack.startWorker();
      dying = undefined;
    },
    isBusy: () => dying !== undefined,
    count: () => done,
  };
}

async function throughCount({ database }: KillableStack, appId: string): Promise<number> {
  const row = await database.db
    .selectFrom('journey_entry')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('app_id', '=', appId)
    .where('ended_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** For a tenth of the e-mails: an open before the delivery, and both twice. */
async function reportInDisorder({ mailbox }: KillableStack, random: () => number): Promise<void> {
  for (const { id, channel } of await mailbox.messages()) {
    if (channel !== 'EMAIL' || random() >= 0.1) continue;
    for (const event of ['open', 'delivery', 'open', 'delivery'] as const) await mailbox.play(id, event);
  }
}
