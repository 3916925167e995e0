import {
  CreateAppCommand,
  CreateSegmentCommand,
  CreateSmsTemplateCommand,
  GetAppsCommand,
  GetSegmentsCommand,
  type PinpointClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { testClient, useApi } from '../support/api.ts';
import { sendWithKey } from '../support/sameCall.ts';

let appId: string;
const clients: PinpointClient[] = [];

const api = useApi();
beforeAll(async () => {
  appId = (await createApp(api.client, 'Ours'))?.Id ?? '';
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** A client whose every call is a new one to the SDK, with a key of its owner's. */
function keyed(key: string): PinpointClient {
  const client = testClient(api.url);
  sendWithKey(client, key);
  clients.push(client);
  return client;
}

async function createApp(client: PinpointClient, Name: string) {
  return (await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name } })))
    .ApplicationResponse;
}

const segment = (Name: string) =>
  new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest: { Name } });

const conflict = { name: 'ConflictException', $metadata: expect.objectContaining({ httpStatusCode: 409 }) };

test('creates with one key make one of each, also where they race, whatever process of the caller repeats them', async () => {
  const apps = await Promise.all([1, 2, 3].map(() => createApp(keyed('a key'), 'Once')));
  expect(new Set(apps.map((app) => app?.Id)).size).toBe(1);
  const { ApplicationsResponse } = await api.client.send(new GetAppsCommand({}));
  expect(ApplicationsResponse?.Item?.filter(({ Name }) => Name === 'Once')).toHaveLength(1);
  const first = await keyed('a key').send(segment('Once'));
  expect((await keyed('a key').send(segment('Once'))).SegmentResponse).toEqual(first.SegmentResponse);
});

test('a template that a keyed request made is answered as created again; without the key its name is taken', async () => {
  const template = { TemplateName: 'once', SMSTemplateRequest: { Body: 'Hi' } };
  const first = await keyed('template').send(new CreateSmsTemplateCommand(template));
  const again = await keyed('template').send(new CreateSmsTemplateCommand(template));
  expect(again.CreateTemplateMessageBody?.Arn).toBe(first.CreateTemplateMessageBody?.Arn);
  await expect(api.client.send(new CreateSmsTemplateCommand(template))).rejects.toThrow('exists already');
});

test('a key that comes with another request is refused, and nothing is made', async () => {
  await keyed('taken').send(segment('First'));
  await expect(keyed('taken').send(segment('Second'))).rejects.toMatchObject({
    ...conflict,
    message: expect.stringContaining(
      'x-repoint-idempotency-key: the key was used for another CreateSegment request',
    ),
  });
  const { SegmentsResponse } = await api.client.send(new GetSegmentsCommand({ ApplicationId: appId }));
  expect(SegmentsResponse?.Item?.map(({ Name }) => Name)).not.toContain('Second');
});

test('a request that was refused can be mended under its key', async () => {
  await expect(createApp(keyed('mended'), ' ')).rejects.toMatchObject({ name: 'BadRequestException' });
  expect((await createApp(keyed('mended'), 'Mended'))?.Name).toBe('Mended');
});

test.each(['', ' ', 'x'.repeat(256)])('%j is no key', async (key) => {
  await expect(createApp(keyed(key), 'App')).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringContaining('x-repoint-idempotency-key: must have 1 to 255 characters'),
  });
});

test('where a repeat does no harm the key does nothing, and the caller hears it', async () => {
  const command = new UpdateEndpointCommand({ ApplicationId: appId, EndpointId: 'e', EndpointRequest: {} });
  let warnings = '';
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers: Record<string, string> };
      warnings = decodeURIComponent(headers['x-repoint-warnings'] ?? '');
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await keyed('k').send(command);
  expect(warnings).toContain('x-repoint-idempotency-key does nothing for UpdateEndpoint');
});
