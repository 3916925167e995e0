import type { Sender } from '../../src/channels/channel.ts';
import { createSender } from '../../src/channels/createSender.ts';
import type { Fault } from '../../src/channels/mailbox/faults.ts';
import type { Upstream } from '../../src/channels/upstream/upstream.ts';
import { createUpstream } from '../../src/channels/upstream/upstreamPinpoint.ts';
import type { Deps } from '../../src/deps.ts';
import { mailboxConfig } from './mailbox.ts';
import { createTemplates, publishOnboarding, putUser, setUpOnboarding } from './onboarding.ts';
import { expectPromiseKept } from './oracle.ts';
import { useStarted } from './useStarted.ts';
import { startWorld, type World } from './world.ts';

/** Nobody listens here. */
export const nowhere = 'http://127.0.0.1:9';
/** A stalled answer is waited for this long (real milliseconds). */
const CALL_TIMEOUT_MS = 500;

export interface Traveller {
  readonly appId: string;
  /** The user whose endpoints they are: `{user}-email` and `{user}-iphone`. */
  readonly user: string;
}

/** A world in whose journeys things go wrong. */
export interface FaultyWorld extends World {
  /** An application of its own with the tutorial's journey, and a user of their own who will enter it. */
  enter(change?: Parameters<typeof publishOnboarding>[2]): Promise<Traveller>;
  /** The first sends of a step fail like this. Answers how many sends of it have been tried. */
  failFirst(step: string, ...faults: readonly Fault[]): () => number;
  /** Where the real clients of the providers send to from now on. */
  sendTo(url: string): void;
  /** What is done around each provider call from now on. */
  around(call: (send: () => ReturnType<Sender['send']>) => ReturnType<Sender['send']>): void;
  ledger(appId: string): Promise<LedgerRow[]>;
  /** `WelcomeEmail sent`, in the order in which it was recorded. */
  decisions(appId: string): Promise<string[]>;
  /** How many messages are in which state, after the promise was checked. */
  promiseKept(appId: string): Promise<Record<string, number>>;
  /** The statuses that the workflows of this world have. */
  statuses(): Promise<Set<string>>;
  /** Everything works again. */
  heal(): void;
}

interface LedgerRow {
  readonly step: string;
  readonly endpoint_id: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly attempt: number;
}

/** A world where sends go wrong, for the tests of a file. */
export function useFaultyWorld(...options: Parameters<typeof startFaultyWorld>): FaultyWorld {
  return useStarted(
    () => startFaultyWorld(...options),
    (world) => world.close(),
  );
}

async function startFaultyWorld(
  settings: Readonly<Record<string, string>> = {},
  deps: Pick<Partial<Deps>, 'log'> = {},
): Promise<FaultyWorld> {
  let sender: Sender;
  let upstream: Upstream;
  let around: Parameters<FaultyWorld['around']>[0] = (send) => send();
  const world = await startWorld({
    settings,
    deps: {
      ...deps,
      sender: { send: (message) => around(() => sender.send(message)) },
      upstream: new Proxy({} as Upstream, { get: (_, name) => upstream[name as keyof Upstream] }),
    },
  });
  const { db, log } = world.deps;
  let travellers = 0;
  const sendTo = (url: string) => {
    sender = createSender(mailboxConfig(url), log, { timeoutMs: CALL_TIMEOUT_MS });
    upstream = createUpstream(mailboxConfig(url));
  };
  const heal = () => {
    sendTo(world.mailbox.url);
    around = (send) => send();
    world.mailbox.inject();
    world.mailbox.pointAt(world.url);
  };
  heal();
  await createTemplates(world);
  return {
    ...world,
    sendTo,
    heal,
    around: (call) => {
      around = call;
    },
    enter: async (change) => {
      travellers += 1;
      const user = `traveller${travellers}`;
      const onboarding = await setUpOnboarding(world);
      await publishOnboarding(world, onboarding, change);
      await putUser(world, onboarding.appId, user);
      return { appId: onboarding.appId, user };
    },
    failFirst: (step, ...faults) => {
      let sends = 0;
      world.mailbox.inject(({ message }) => {
        if (message.activityId !== step) return undefined;
        sends += 1;
        return faults[sends - 1];
      });
      return () => sends;
    },
    ledger: (appId) =>
      db
        .selectFrom('message')
        .select(['step', 'endpoint_id', 'state', 'reason', 'attempt'])
        .where('app_id', '=', appId)
        .orderBy('owner')
        .orderBy('seq')
        .execute(),
    decisions: async (appId) => {
      const rows = await db
        .selectFrom('journey_step')
        .select(['step', 'decision'])
        .where('app_id', '=', appId)
        .orderBy('seq')
        .execute();
      return rows.map(({ step, decision }) => `${step} ${decision}`);
    },
    promiseKept: (appId) => expectPromiseKept({ appId, db, mailbox: world.mailbox }),
    statuses: async () => {
      const described = world
        .startedWorkflows()
        .map((id) => world.temporal.workflow.getHandle(id).describe());
      return new Set((await Promise.all(described)).map(({ status }) => status.name));
    },
  };
}

/** A fault that answers a status. */
export function status(code: 400 | 429 | 500, name: string, more: object = {}): Fault {
  return { kind: 'status', status: code, code: name, ...more };
}

export const minute = 60_000;

/** What is recorded of somebody who opened the welcome, and of somebody who did not. */
export const followedUp = [
  'WelcomeEmail sent',
  'Wait3Days passed',
  'CheckEngagement yes',
  'EngagedFollowUp sent',
];
export const passedOver = (welcome: string) => [
  `WelcomeEmail ${welcome}`,
  'Wait3Days passed',
  'CheckEngagement no',
  'ReengagePush sent',
];
