import { CreateSegmentCommand, GetJourneyCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepointClient, type RepointClient, RepointError } from '../../src/client/index.ts';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { tutorial } from '../support/tutorial.ts';

let client: RepointClient;
let appId: string;
let journey: object;

const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  client = createRepointClient({ databaseUrl: database.url, settings: { REPOINT_LOG_LEVEL: 'silent' } });
  appId = await createApp(api.client);
  const segment = await api.client.send(
    new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest: tutorial('04-create-segment') }),
  );
  journey = {
    ...tutorial('06-create-journey-completed'),
    StartCondition: { SegmentStartCondition: { SegmentId: segment.SegmentResponse?.Id } },
  };
});
afterAll(async () => {
  await client.close();
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('publishJourney', () => {
  it('answers what matches, with every warning, and the API shows the journey', async () => {
    await client.putEndpoint(appId, 'ada', {
      ChannelType: 'EMAIL',
      Address: 'ada@example.com',
      User: { UserId: 'ada', UserAttributes: { Plan: ['premium'] } },
    });
    const published = await client.publishJourney(appId, journey);
    expect(published).toMatchObject({ state: 'ACTIVE', matching: { count: 1, isAll: true } });
    expect(published.warnings).toContain('Activities.Wait3Days.Wait.WaitTime.WaitFor: "3d" read as P3D');
    const got = await api.client.send(
      new GetJourneyCommand({ ApplicationId: appId, JourneyId: published.journeyId }),
    );
    expect(got.JourneyResponse).toMatchObject(client.compileJourney(journey).document);
  });

  it('with a key publishes once, however many services start at the same time', async () => {
    const results = await Promise.all(
      [1, 2, 3].map(() => client.publishJourney(appId, journey, { key: 'onboarding-1' })),
    );
    expect(new Set(results.map((result) => result.journeyId)).size).toBe(1);
    expect(results.filter((result) => result.matching !== undefined)).toHaveLength(1);
  });

  it('refuses as the API does, with the problems and their paths', async () => {
    const error = await failure(client.publishJourney(appId, { ...journey, StartCondition: {} }));
    expect(error).toBeInstanceOf(RepointError);
    expect(error).toMatchObject({ code: 'BadRequest', problems: [{ path: 'StartCondition' }] });
  });
});

it.each([
  ['publishJourney', () => client.publishJourney('no-app', journey)],
  ['putEndpoint', () => client.putEndpoint('no-app', 'e', {})],
  ['recordEvent', () => client.recordEvent('no-app', 'e', { EventType: 'x' })],
])('%s refuses an unknown application', async (_, call) => {
  expect(await failure(call())).toMatchObject({ code: 'NotFound' });
});

it.each([
  ['an endpoint of a wrong type', () => client.putEndpoint(appId, 'e', { OptOut: 5 as unknown as string })],
  ['an endpoint id that cannot be stored', () => client.putEndpoint(appId, 'a\u0000b', {})],
  ['an event without a type', () => client.recordEvent(appId, 'e', { EventType: '' })],
  ['an event at no time', () => client.recordEvent(appId, 'e', { EventType: 'x', Timestamp: 'today' })],
  ['text that cannot be stored', () => client.recordEvent(appId, 'e', { EventType: 'x\u0000' })],
])('%s is refused as a fault of the caller', async (_, call) => {
  expect(await failure(call())).toMatchObject({ code: 'BadRequest' });
});

it('the same event with its key is recorded once', async () => {
  const event = { EventType: 'order_placed', Timestamp: '2026-02-12T10:30:00Z' };
  await client.recordEvent(appId, 'ada', event, { key: '1001' });
  await client.recordEvent(appId, 'ada', event, { key: '1001' });
  await client.recordEvent(appId, 'ada', event);
  const rows = await database.db
    .selectFrom('event')
    .select('type')
    .where('endpoint_id', '=', 'ada')
    .execute();
  expect(rows).toHaveLength(2);
});
