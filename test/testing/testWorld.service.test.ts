import { UpdateJourneyStateCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestWorld, type TestWorld } from '../../src/testing/index.ts';
import { repoint } from '../support/repointCli.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld({ startAt: '2035-01-01T09:00:00Z' });
});
afterAll(() => world.close());

const email = (TemplateName: string, NextActivity?: string) => ({ EMAIL: { TemplateName, NextActivity } });
const wait = (WaitFor: string, NextActivity: string) => ({ Wait: { WaitTime: { WaitFor }, NextActivity } });

/** A journey for one person, so that tests do not meet. */
function journeyFor(name: string, Activities: object) {
  const document = {
    Name: `For-${name}`,
    StartActivity: 'Hello',
    StartCondition: { SegmentStartCondition: { SegmentId: 'chosen' } },
    Activities,
  };
  return { document, segment: { Dimensions: { Attributes: { Name: { Values: [name] } } } } };
}

async function enter(name: string): Promise<void> {
  await world.putEndpoint(`${name}-email`, {
    ChannelType: 'EMAIL',
    Address: `${name}@example.com`,
    Attributes: { Name: [name] },
    User: { UserId: name },
  });
}

describe('a test world', () => {
  it('begins when it is told to, and tells messages by the time since then and by the clock', async () => {
    const { document, segment } = journeyFor('ann', { Hello: email('hello') });
    await world.publish(document, { segment });
    await enter('ann');
    const [message] = await world.messages({ to: 'ann@example.com' });
    expect(message).toMatchObject({ channel: 'EMAIL', step: 'Hello', after: 'PT0S' });
    expect(message?.at).toMatch(/^2035-01-01T09:0/);
  });

  it('makes up the templates that are not given: their texts are their names', async () => {
    const { document, segment } = journeyFor('bob', {
      Hello: email('bob-hello', 'More'),
      More: email('bob-more'),
    });
    const email2 = { 'bob-more': { Subject: 'Still there, {{User.UserId}}?', TextPart: '-' } };
    await world.publish(document, { segment, templates: { email: email2 } });
    await enter('bob');
    expect(await world.messages({ to: 'bob@example.com' })).toMatchObject([
      { subject: 'bob-hello', text: 'bob-hello' },
      { subject: 'Still there, bob?' },
    ]);
  });

  it('gives the segments that a document names other ids, and the document with them', async () => {
    const inSegment = { Conditions: [{ SegmentCondition: { SegmentId: 'vip' } }], Operator: 'ALL' };
    const { document, segment } = journeyFor('cleo', {
      Hello: { ConditionalSplit: { Condition: inSegment, TrueActivity: 'Yes', FalseActivity: 'No' } },
      Yes: email('yes'),
      No: email('no'),
    });
    const vip = { Dimensions: { UserAttributes: { Plan: { Values: ['vip'] } } } };
    await world.publish(document, { segment, segments: { vip } });
    await enter('cleo');
    expect(await world.messages({ to: 'cleo@example.com' })).toMatchObject([{ step: 'No' }]);
  });

  it('refuses a bad document as the API does, with every problem', async () => {
    const { document } = journeyFor('nobody', { Hello: wait('soon', 'Hello') });
    const refused = await world.publish(document).catch((error: unknown) => error);
    const paths = ['Activities.Hello.Wait.WaitTime.WaitFor', 'Activities.Hello.Wait.NextActivity'];
    const problems = paths.map((path) => expect.objectContaining({ path }));
    expect(refused).toMatchObject({ code: 'BadRequest', problems: expect.arrayContaining(problems) });
    for (const path of paths) expect(String(refused)).toContain(path);
  });

  it('refuses times that are none or past, and events that PutEvents refuses', async () => {
    await expect(world.advance('1 week')).rejects.toThrow('duration');
    await expect(world.advanceTo('2034-12-31')).rejects.toThrow('is past');
    await expect(world.event('ann-email', { EventType: '' })).rejects.toThrow('EventType');
  });

  it("tells a person's way and where everybody is; the command line tells the same", async () => {
    const { document, segment } = journeyFor('dora', {
      Hello: email('dora-hello', 'Rest'),
      Rest: wait('P30D', 'Again'),
      Again: email('dora-again'),
    });
    const journey = await world.publish(document, { segment });
    await enter('dora');
    const trace = await world.trace(journey, { user: 'dora' });
    expect(trace.split('\n')).toEqual([
      'user dora',
      expect.stringMatching(/^ {2}matches its segment since 2035-/),
      expect.stringMatching(/^ {2}entered 2035-.* \(match:1\) as endpoint dora-email$/),
      expect.stringMatching(/^ {4}\+PT\d+S +Hello {2}sent to dora-email \((sent|delivered)\)$/),
      expect.stringMatching(/^ {4}is on the way to Again, wakes 2035-/),
      expect.stringMatching(/^ {4}workflow journey\//),
    ]);
    const options = ['--application-id', world.applicationId, '--endpoint-url', world.apiUrl];
    const told = await repoint(['journeys', 'trace', journey.id, '--endpoint', 'dora-email', ...options]);
    expect(told).toEqual({ code: 0, stdout: `${trace}\n`, stderr: '' });
    const positions = await repoint(['journeys', 'positions', journey.id, ...options]);
    expect(positions.stdout).toMatch(/^Again +1, wakes 2035-\S+\n$/);

    await world.advance('30d');
    expect(await world.trace(journey, { user: 'dora' })).toContain('COMPLETED');
    const after = await repoint(['journeys', 'positions', journey.id, ...options]);
    expect(after.stdout).toBe('nobody is inside\n');
    const nobody = await repoint(['journeys', 'trace', journey.id, ...options]);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('--user ID or --endpoint ID') });
  });

  it("counts whom a pause holds among those on the way, by the SDK's own client", async () => {
    const { document, segment } = journeyFor('emil', {
      Hello: wait('P1D', 'Mail'),
      Mail: email('emil'),
    });
    const journey = await world.publish(document, { segment });
    await enter('emil');
    const change = async (State: 'PAUSED' | 'ACTIVE') => {
      await world.client.send(
        new UpdateJourneyStateCommand({
          ApplicationId: world.applicationId,
          JourneyId: journey.id,
          JourneyStateRequest: { State },
        }),
      );
      await world.settle();
    };
    await change('PAUSED');
    await world.advance('2d');
    expect(await world.trace(journey, { user: 'emil' })).toContain('on the way to Mail, held by a pause');
    await change('ACTIVE');
    await world.advance('2d');
    expect(await world.messages({ to: 'emil@example.com' })).toHaveLength(1);
  });
});
