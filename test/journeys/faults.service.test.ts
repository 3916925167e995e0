import { UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/channels/mailbox/faults.ts';
import {
  followedUp,
  minute,
  nowhere,
  passedOver,
  status,
  type Traveller,
  useFaultyWorld,
} from '../support/faultyWorld.ts';
import { day, hour, play, received } from '../support/onboarding.ts';
import { tutorial } from '../support/tutorial.ts';

const world = useFaultyWorld({ REPOINT_UNKNOWN_GRACE_SECONDS: '900' });
afterEach(() => world.heal());

describe('a provider that throttles', () => {
  it('is asked again soon when it does not say when: received once', async () => {
    const throttle = status(429, 'TooManyRequestsException');
    const sends = world.failFirst('WelcomeEmail', throttle, throttle);
    const { appId } = await world.enter();
    await world.advance(minute);
    expect(sends()).toBe(3);
    expect(await world.ledger(appId)).toMatchObject([{ state: 'sent', attempt: 3 }]);
    await world.advance(5 * day);
    expect(await world.decisions(appId)).toEqual(passedOver('sent'));
    expect(await world.promiseKept(appId)).toEqual({ sent: 2 });
  });

  it('is not asked before the time it names: received once', async () => {
    const sends = world.failFirst('WelcomeEmail', status(429, 'TooManyRequests', { retryAfter: '600' }));
    const { appId } = await world.enter();
    await world.advance(9 * minute);
    expect(sends()).toBe(1);
    await world.advance(2 * minute);
    expect(sends()).toBe(2);
    expect(await world.promiseKept(appId)).toEqual({ sent: 1 });
  });
});

describe('a send whose outcome is unknown', () => {
  it.each<[string, Fault]>([
    ['its answer is dropped', { kind: 'drop' }],
    ['the answer never comes', { kind: 'stall' }],
    ['a 500 comes after it was taken', status(500, 'InternalServiceError', { accepted: true })],
  ])('is settled as sent by the provider’s own event when %s, and an open still counts', async (_, fault) => {
    const sends = world.failFirst('WelcomeEmail', fault);
    const { appId, user } = await world.enter();
    await world.advance(15 * minute);
    expect(await world.ledger(appId)).toMatchObject([{ state: 'sent', attempt: 1 }]);
    await play(world, 'WelcomeEmail', 'open', user);
    await world.advance(5 * day);
    expect(await world.decisions(appId)).toEqual(followedUp);
    expect(sends()).toBe(1);
    await world.promiseKept(appId);
  });

  it('waits for the provider’s word until the grace is over, and counts from the sending', async () => {
    world.mailbox.pointAt(nowhere);
    world.failFirst('WelcomeEmail', { kind: 'drop' });
    const { appId, user } = await world.enter();
    await world.advance(5 * minute);
    expect(await world.ledger(appId)).toMatchObject([{ state: 'unknown', reason: 'ECONNRESET' }]);
    world.mailbox.pointAt(world.url);
    await play(world, 'WelcomeEmail', 'delivery', user);
    await world.advance(11 * minute);
    expect(await world.decisions(appId)).toEqual(['WelcomeEmail sent']);
    await world.advance(3 * day - 15 * minute);
    await play(world, 'WelcomeEmail', 'open', user);
    await world.settle();
    expect(await world.decisions(appId)).toEqual(followedUp);
    expect(await world.promiseKept(appId)).toEqual({ delivered: 1, sent: 1 });
  });

  it.each<[string, Fault]>([
    ['was received all the same', { kind: 'drop' }],
    ['was not received', { kind: 'stall', accepted: false }],
    ['ended in a 500', status(500, 'InternalServiceError')],
  ])(
    'is listed as unknown when nobody tells, never sent again, and the journey goes on: it %s',
    async (_, fault) => {
      world.mailbox.pointAt(nowhere);
      const sends = world.failFirst('WelcomeEmail', fault);
      const { appId } = await world.enter();
      await world.advance(14 * minute);
      expect(await world.decisions(appId)).toEqual([]);
      await world.advance(2 * minute);
      expect(await world.decisions(appId)).toEqual(['WelcomeEmail unknown']);
      world.mailbox.pointAt(world.url);
      await world.advance(5 * day);
      expect(await world.decisions(appId)).toEqual(passedOver('unknown'));
      expect(sends()).toBe(1);
      expect(await world.promiseKept(appId)).toEqual({ unknown: 1, sent: 1 });
    },
  );

  it('counts an open that comes after it was listed as unknown', async () => {
    world.mailbox.pointAt(nowhere);
    world.failFirst('WelcomeEmail', { kind: 'drop' });
    const { appId, user } = await world.enter();
    await world.advance(hour);
    world.mailbox.pointAt(world.url);
    await play(world, 'WelcomeEmail', 'open', user);
    await world.advance(5 * day);
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']);
    expect(await world.promiseKept(appId)).toEqual({ delivered: 1, sent: 1 });
  });
});

describe('a send that certainly failed', () => {
  it('is recorded with the provider’s reason when it was refused, and the journey goes on', async () => {
    const sends = world.failFirst('WelcomeEmail', status(400, 'MessageRejected'));
    const { appId } = await world.enter();
    await world.advance(5 * day);
    expect(await world.ledger(appId)).toMatchObject([
      { step: 'WelcomeEmail', state: 'failed', reason: 'MessageRejected: Fault: MessageRejected' },
      { step: 'ReengagePush', state: 'sent' },
    ]);
    expect(await world.decisions(appId)).toEqual(passedOver('failed'));
    expect(sends()).toBe(1);
    await world.promiseKept(appId);
  });

  it('is tried until the provider is there again when it could not be reached: received once', async () => {
    const { appId, user } = await world.enter();
    world.sendTo(nowhere);
    await world.advance(10 * minute);
    expect(await received(world, user)).toEqual([]);
    expect(await world.ledger(appId)).toMatchObject([{ state: 'queued', reason: 'ECONNREFUSED' }]);
    world.sendTo(world.mailbox.url);
    await world.advance(2 * minute);
    expect(await received(world, user)).toEqual(['EMAIL WelcomeEmail']);
    expect(await world.promiseKept(appId)).toEqual({ sent: 1 });
  });
});

describe('of two e-mail endpoints of one user', () => {
  async function enterTwice(): Promise<Traveller> {
    const traveller = await world.enter();
    const { User, ...request } = tutorial('03-update-endpoint-email');
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: traveller.appId,
        EndpointId: `${traveller.user}-second`,
        EndpointRequest: {
          ...request,
          Address: `${traveller.user}.second@example.com`,
          User: { ...User, UserId: traveller.user },
        },
      }),
    );
    return traveller;
  }

  /** The first send to the second endpoint fails. Answers the endpoints that sends were tried to. */
  function failSecond(fault: Fault): () => (string | undefined)[] {
    const tried: (string | undefined)[] = [];
    world.mailbox.inject(({ message: { endpointId } }) => {
      tried.push(endpointId?.replace(/^.*-/, ''));
      return tried.at(-1) === 'second' && tried.filter((one) => one === 'second').length === 1
        ? fault
        : undefined;
    });
    return () => tried.toSorted();
  }

  it('the one that was throttled is tried again, and the other got it once', async () => {
    const tried = failSecond(status(429, 'TooManyRequestsException'));
    const { appId } = await enterTwice();
    await world.advance(minute);
    expect(tried()).toEqual(['email', 'second', 'second']);
    expect(await world.promiseKept(appId)).toEqual({ sent: 2 });
  });

  it('the one that was refused is recorded, the other got it, and the step was sent', async () => {
    const tried = failSecond(status(400, 'MessageRejected'));
    const { appId } = await enterTwice();
    await world.advance(minute);
    expect(tried()).toEqual(['email', 'second']);
    expect(await world.decisions(appId)).toEqual(['WelcomeEmail sent']);
    expect(await world.promiseKept(appId)).toEqual({ sent: 1, failed: 1 });
  });

  it('the one that is unknown is waited for and listed, and the other got it once', async () => {
    world.mailbox.pointAt(nowhere);
    const tried = failSecond({ kind: 'stall', accepted: false });
    const { appId } = await enterTwice();
    await world.advance(16 * minute);
    expect(tried()).toEqual(['email', 'second']);
    expect(await world.decisions(appId)).toEqual(['WelcomeEmail sent']);
    expect(await world.promiseKept(appId)).toEqual({ sent: 1, unknown: 1 });
  });
});
