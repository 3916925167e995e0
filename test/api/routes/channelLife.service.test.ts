import * as sdk from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Upstream } from '../../../src/channels/upstream/upstream.ts';
import { createUpstream } from '../../../src/channels/upstream/upstreamPinpoint.ts';
import { readConfig } from '../../../src/config.ts';
import { RepointError } from '../../../src/domain/errors.ts';
import { createLog } from '../../../src/log.ts';
import { testKey } from '../../../src/testing/testDeps.ts';
import { createApp, useApi } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';

/** What no database and no log may ever have. */
const secret = 'recognisable-credential';
const apnsRequest = {
  Certificate: secret,
  PrivateKey: secret,
  TokenKey: secret,
  BundleId: 'b',
  TeamId: 't',
  TokenKeyId: 'k',
};
const emailRequest = {
  FromAddress: 'us@example.com',
  Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
};

interface Channel {
  /** As its operations call it. */
  readonly name: string;
  readonly request: string;
  readonly platform: string;
  /** Says all that a request can. */
  readonly body: object;
}

const gcm: Channel = {
  ...{ name: 'Gcm', request: 'GCMChannelRequest', platform: 'GCM' },
  body: { ApiKey: secret, ServiceJson: secret, DefaultAuthenticationMethod: 'TOKEN' },
};
const apns: Channel = {
  ...{ name: 'Apns', request: 'APNSChannelRequest', platform: 'APNS' },
  body: apnsRequest,
};
const channels: readonly Channel[] = [
  gcm,
  apns,
  { name: 'Email', request: 'EmailChannelRequest', platform: 'EMAIL', body: emailRequest },
  {
    name: 'Sms',
    request: 'SMSChannelRequest',
    platform: 'SMS',
    body: { SenderId: 'Shop', ShortCode: '12345' },
  },
  { name: 'Voice', request: 'VoiceChannelRequest', platform: 'VOICE', body: {} },
  {
    name: 'Adm',
    request: 'ADMChannelRequest',
    platform: 'ADM',
    body: { ClientId: secret, ClientSecret: secret },
  },
  {
    name: 'Baidu',
    request: 'BaiduChannelRequest',
    platform: 'BAIDU',
    body: { ApiKey: secret, SecretKey: secret },
  },
  { ...apns, name: 'ApnsSandbox', request: 'APNSSandboxChannelRequest', platform: 'APNS_SANDBOX' },
  { ...apns, name: 'ApnsVoip', request: 'APNSVoipChannelRequest', platform: 'APNS_VOIP' },
  {
    ...apns,
    name: 'ApnsVoipSandbox',
    request: 'APNSVoipSandboxChannelRequest',
    platform: 'APNS_VOIP_SANDBOX',
  },
];

let ApplicationId: string;
let upstream: Upstream;
const logged: string[] = [];

const database = useDatabase();
const api = useApi(database, {
  deps: {
    upstream: new Proxy({} as Upstream, { get: (_, name: keyof Upstream) => upstream[name] }),
    log: createLog('trace', { write: (line) => void logged.push(line) }),
  },
});
beforeAll(async () => {
  ApplicationId = await createApp(api.client);
});

const commands = new Map<string, unknown>(Object.entries(sdk));

/** Calls an operation of a channel by its name and answers the channel object. */
async function call(verb: 'Update' | 'Get' | 'Delete', { name, request }: Channel, body?: object) {
  const Command = commands.get(`${verb}${name}ChannelCommand`) as new (
    input: object,
  ) => sdk.GetEmailChannelCommand;
  const answer = await api.client.send(new Command({ ApplicationId, ...(body && { [request]: body }) }));
  return (answer as unknown as Record<string, sdk.ChannelResponse & { Platform: string }>)[
    request.replace('Request', 'Response')
  ];
}

const taking: Upstream = {
  ...({} as Upstream),
  createApp: async () => 'upstream-1',
  updateChannel: async () => ({ hasCredential: true }),
  deleteChannel: async () => {},
};

it.each(channels)('$platform: made, read, listed, changed, deleted, and gone', async (channel) => {
  upstream = taking;
  const { platform, body } = channel;
  const made = await call('Update', channel, { ...body, Enabled: true });
  expect(made).toMatchObject({
    ...{ ApplicationId, Platform: platform, Id: platform.toLowerCase(), Version: 1, IsArchived: false },
    ...{ Enabled: true, HasCredential: platform !== 'EMAIL', LastModifiedBy: testKey.accessKeyId },
  });
  expect(await call('Get', channel)).toEqual(made);
  const listed = await api.client.send(new sdk.GetChannelsCommand({ ApplicationId }));
  expect(listed.ChannelsResponse?.Channels?.[platform]).toMatchObject({
    Id: platform.toLowerCase(),
    Version: 1,
  });
  const changed = await call('Update', channel, { ...body, Enabled: false });
  expect(changed).toMatchObject({ Enabled: false, Version: 2, CreationDate: made?.CreationDate });
  expect(await call('Delete', channel)).toEqual(changed);
  for (const verb of ['Get', 'Delete'] as const)
    await expect(call(verb, channel)).rejects.toMatchObject({ name: 'NotFoundException' });
});

it('a channel that upstream does not know any more can be deleted here', async () => {
  upstream = { ...taking, deleteChannel: async () => Promise.reject(new RepointError('NotFound', 'gone')) };
  await call('Update', gcm, gcm.body);
  expect(await call('Delete', gcm)).toMatchObject({ Platform: 'GCM' });
});

it('no credential is in the database or the log, whether upstream took it or was away', async () => {
  upstream = taking;
  for (const channel of channels) await call('Update', channel, channel.body);
  upstream = createUpstream(
    readConfig({ REPOINT_DELIVERY: 'mailbox', REPOINT_UPSTREAM_PINPOINT_URL: 'http://127.0.0.1:1' }),
  );
  api.client.config.maxAttempts = async () => 1;
  await expect(call('Update', apns, apns.body)).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
  });
  expect(logged.some((line) => line.includes('request failed'))).toBe(true);
  expect(logged.join()).not.toContain(secret);
  const tables = await sql<{
    name: string;
  }>`select quote_ident(table_name) as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(database.db);
  expect(tables.rows.length).toBeGreaterThan(20);
  for (const { name } of tables.rows) {
    const found = await sql`select from ${sql.raw(name)} t where t::text like ${`%${secret}%`}`.execute(
      database.db,
    );
    expect([name, found.rows.length]).toEqual([name, 0]);
  }
});
