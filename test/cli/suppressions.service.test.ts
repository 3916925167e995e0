import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createSesClient, createSmsVoiceClient } from '../../src/channels/clients.ts';
import type { MailboxMessage } from '../../src/channels/mailbox/message.ts';
import { type Mailbox, startMailbox } from '../../src/channels/mailbox/startMailbox.ts';
import { sesSuppressionList, smsOptOutList } from '../../src/channels/suppressionLists.ts';
import { addSuppressionCommands } from '../../src/cli/suppressions.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { addEndpoint } from '../support/audience.ts';
import { useDatabase } from '../support/database.ts';

const sentAt = '2026-01-02T03:04:05.000Z';
let mailbox: Mailbox;
let folder: string;

/** What the mailbox, as SES and End User Messaging, was given earlier, and what became of it. */
function earlier(channel: 'EMAIL' | 'SMS', to: string, status: MailboxMessage['status']): string {
  return JSON.stringify({ message: { id: `${channel}-${to}`, channel, to, status, sentAt, tags: {} } });
}

const database = useDatabase();
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-suppressions-'));
  const dataFile = path.join(folder, 'messages.ndjson');
  const kept = [
    earlier('EMAIL', 'bounced@example.com', 'bounced'),
    earlier('EMAIL', 'Complained@example.com', 'complained'),
    earlier('EMAIL', 'fine@example.com', 'delivered'),
    earlier('EMAIL', 'later@example.com', 'complained'),
    earlier('SMS', '+15550100', 'complained'),
    earlier('SMS', '+15550101', 'delivered'),
  ];
  await writeFile(dataFile, `${kept.join('\n')}\n`);
  const log = createLog('silent');
  mailbox = await startMailbox({ port: 0, host: '127.0.0.1', dataFile, apiUrl: 'http://127.0.0.1:9', log });
  const now = new Date();
  const app = { name: 'App', upstream_app_id: null, created_at: now, modified_at: now };
  await database.db
    .insertInto('app')
    .values([
      { id: 'shop', ...app },
      { id: 'club', ...app },
    ])
    .execute();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('REPOINT_DELIVERY', 'mailbox');
  vi.stubEnv('REPOINT_LOG_LEVEL', 'silent');
  vi.stubEnv('REPOINT_UPSTREAM_SES_URL', mailbox.url);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await mailbox.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command as `repoint` does. @returns what it prints */
async function repoint(...args: string[]): Promise<string[]> {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const program = new Command('repoint');
  addSuppressionCommands(program);
  await program.parseAsync(['suppressions', ...args], { from: 'user' });
  const lines = printed.mock.calls.map(([line]) => String(line));
  printed.mockRestore();
  return lines;
}

const optOuts = async () => {
  const rows = await database.db.selectFrom('endpoint').select(['id', 'opt_out']).orderBy('id').execute();
  return Object.fromEntries(rows.map((row) => [row.id, row.opt_out]));
};

it("takes over SES's list and the opted-out numbers, once however often it is asked to", async () => {
  await addEndpoint(database.db, 'shop', 'bounced');
  await addEndpoint(database.db, 'shop', 'complained', { address: 'Complained@example.com' });
  await addEndpoint(database.db, 'club', 'stopped', { channelType: 'SMS', address: '+15550100' });
  await addEndpoint(database.db, 'club', 'other', { channelType: 'SMS', address: '+15550101' });

  expect(await repoint('import', '--ses', '--sms-optouts')).toEqual([
    'ses: read 3, newly suppressed 3, endpoints opted out 1',
    'sms-optouts: read 1, newly suppressed 1, endpoints opted out 1',
  ]);
  expect(await optOuts()).toEqual({ bounced: 'NONE', complained: 'ALL', other: 'NONE', stopped: 'ALL' });
  expect(await repoint('import', '--ses', '--sms-optouts')).toEqual([
    'ses: read 3, newly suppressed 0, endpoints opted out 0',
    'sms-optouts: read 1, newly suppressed 0, endpoints opted out 0',
  ]);
  expect(await repoint('list')).toEqual([
    `EMAIL\tbounced@example.com\tBOUNCE\t${sentAt}\tses`,
    `EMAIL\tcomplained@example.com\tCOMPLAINT\t${sentAt}\tses`,
    `EMAIL\tlater@example.com\tCOMPLAINT\t${sentAt}\tses`,
    `SMS\t+15550100\tOPT_OUT\t${sentAt}\tsms-optouts`,
  ]);
});

it('frees an address, and takes a file', async () => {
  expect(await repoint('remove', 'LATER@example.com', 'nobody@example.com')).toEqual([
    '1 of 2 were suppressed and are free now.',
  ]);
  const file = path.join(folder, 'list.csv');
  await writeFile(file, `later@example.com,MANUAL,${sentAt}\n`);
  expect(await repoint('import', file)).toEqual([
    'list.csv: read 1, newly suppressed 1, endpoints opted out 0',
  ]);
  expect(await repoint('list', '--channel', 'email')).toContain(
    `EMAIL\tlater@example.com\tMANUAL\t${sentAt}\tlist.csv`,
  );
});

it('says what is missing, and what to grant where AWS does not let the list be read', async () => {
  await expect(repoint('import')).rejects.toThrow(/import: name a file, or --ses, or --sms-optouts/);
  await expect(repoint('import', '/nothing/here')).rejects.toThrow(/here: cannot be read \(ENOENT\)/);
  const aws = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'AccessDeniedException', Message: 'no' }));
  });
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('REPOINT_UPSTREAM_SMS_VOICE_URL', `http://127.0.0.1:${(aws.address() as AddressInfo).port}`);
  const refused = /AccessDeniedException.*permission sms-voice:DescribeOptedOutNumbers/;
  await expect(repoint('import', '--sms-optouts')).rejects.toThrow(refused);
  aws.close();
});

it('reads lists of several pages', async () => {
  const config = readConfig({ ...process.env, REPOINT_UPSTREAM_SMS_VOICE_URL: mailbox.url });
  const pages = async (list: AsyncIterable<readonly object[]>) => {
    const sizes: number[] = [];
    for await (const page of list) sizes.push(page.length);
    return sizes;
  };
  expect(await pages(sesSuppressionList(createSesClient(config), 2))).toEqual([2, 1]);
  expect(await pages(smsOptOutList(createSmsVoiceClient(config), 'Default', 1))).toEqual([1]);
});
