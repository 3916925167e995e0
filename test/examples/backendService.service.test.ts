import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CreateSegmentCommand, GetEndpointCommand, ListJourneysCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { tutorial } from '../support/tutorial.ts';

const file = path.resolve(import.meta.dirname, '../../examples/backend-service/service.ts');
let appId: string;
let segmentId: string;
const running: ChildProcess[] = [];

const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  appId = await createApp(api.client);
  const segment = await api.client.send(
    new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest: tutorial('04-create-segment') }),
  );
  segmentId = segment.SegmentResponse?.Id ?? '';
});
afterAll(async () => {
  for (const service of running) service.kill();
});

/** Starts the service as a process of its own; answers its address. */
async function startService(): Promise<string> {
  const service = spawn(process.execPath, ['--conditions=source', file], {
    env: {
      DATABASE_URL: database.url,
      APPLICATION_ID: appId,
      SEGMENT_ID: segmentId,
      REPOINT_LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(service);
  for await (const line of createInterface({ input: service.stdout })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('The service ended before it listened');
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body) }).then(async (response) => [
    response.status,
    await response.text(),
  ]);

it('the example service publishes its journey once, puts endpoints and records events, as the API then tells', async () => {
  const url = await startService();
  const order = { customer: 'ada', order: '1001', at: '2026-02-12T10:30:00Z' };
  expect(await post(`${url}/signups`, { customer: 'ada', email: 'ada@example.com' })).toEqual([204, '']);
  expect(await post(`${url}/orders`, order)).toEqual([204, '']);
  expect(await post(`${url}/orders`, order)).toEqual([204, '']);
  expect(await post(`${url}/signups`, { customer: '', email: 'x'.repeat(3000) })).toEqual([
    400,
    expect.stringContaining('Address'),
  ]);
  await startService();

  const journeys = await api.client.send(new ListJourneysCommand({ ApplicationId: appId }));
  expect(journeys.JourneysResponse?.Item).toMatchObject([{ Name: 'Onboarding', State: 'ACTIVE' }]);
  const endpoint = await api.client.send(
    new GetEndpointCommand({ ApplicationId: appId, EndpointId: 'ada-email' }),
  );
  expect(endpoint.EndpointResponse).toMatchObject({ Address: 'ada@example.com', User: { UserId: 'ada' } });
  const events = await database.db
    .selectFrom('event')
    .select(['type', 'endpoint_id', 'attributes'])
    .execute();
  expect(events).toEqual([{ type: 'order_placed', endpoint_id: 'ada-email', attributes: { order: '1001' } }]);
});

it('ends when it is told to', async () => {
  const [first] = running;
  first?.kill('SIGTERM');
  expect(first && (await once(first, 'exit'))).toEqual([0, null]);
});
