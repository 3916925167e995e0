import { GetEventStreamCommand, PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { beforeEach, expect, it } from 'vitest';
import { createApp, useApi } from '../../../support/api.ts';
import { callSigned } from '../../../support/signedRequest.ts';

let appId: string;
const api = useApi();
beforeEach(async () => {
  appId = await createApp(api.client);
});

async function ask(method: 'GET' | 'PUT' | 'DELETE', body: unknown = undefined, id = appId) {
  const target = `/repoint/v1/apps/${id}/event-stream`;
  const text = body === undefined ? '' : JSON.stringify(body);
  const answer = await callSigned(api.url, { method, target, body: text });
  return { status: answer.status, body: JSON.parse(answer.body) };
}
const Url = 'https://events.example.com/in';

it('answers the secret once, tells how the stream does, and ends it', async () => {
  const put = await ask('PUT', { Url });
  expect(put).toEqual({ status: 200, body: { Url, Secret: expect.stringMatching(/^whsec_.{44}$/) } });
  const events = { e1: { EventType: 'seen', Timestamp: '2030-01-01T00:00:00.000Z' } };
  const EventsRequest = { BatchItem: { ann: { Endpoint: {}, Events: events } } };
  await api.client.send(new PutEventsCommand({ ApplicationId: appId, EventsRequest }));
  expect((await ask('GET')).body).toEqual({
    Url,
    State: 'SENDING',
    LagSeconds: expect.any(Number),
    Waiting: 1,
    Delivered: 0,
    LastDeliveredAt: null,
    Failures: 0,
    LastError: null,
    NextTryAt: null,
    Skipped: 0,
    LastSkip: null,
    Dropped: 0,
    LastDroppedAt: null,
  });
  expect(await ask('DELETE')).toEqual({ status: 200, body: { Url } });
  expect((await ask('GET')).status).toBe(404);
  expect((await ask('DELETE')).status).toBe(404);
});

it('keeps a secret of the caller’s own', async () => {
  const Secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  expect((await ask('PUT', { Url, Secret })).body).toEqual({ Url, Secret });
});

it('is none that Pinpoint’s operations know', async () => {
  await ask('PUT', { Url });
  const get = api.client.send(new GetEventStreamCommand({ ApplicationId: appId }));
  await expect(get).rejects.toMatchObject({ name: 'NotFoundException' });
});

it('names everything that is wrong, and changes nothing', async () => {
  const { status, body } = await ask('PUT', { Url: 'ftp://x', Secret: 'short' });
  expect(status).toBe(400);
  expect(body.Message).toMatch(/Url: .*must be an https URL.*Secret: .*whsec_/);
  expect((await ask('PUT', { Url: 'https://user:word@example.com/' })).status).toBe(400);
  expect((await ask('GET')).status).toBe(404);
});

it('is not found for an application that is not there', async () => {
  for (const method of ['GET', 'PUT', 'DELETE'] as const)
    expect((await ask(method, method === 'PUT' ? { Url } : undefined, 'nobody')).status).toBe(404);
});
