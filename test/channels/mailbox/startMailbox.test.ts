import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetAccountCommand, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import type { MailboxMessage } from '../../../src/channels/mailbox/message.ts';
import { startMailbox } from '../../../src/channels/mailbox/startMailbox.ts';
import { createLog } from '../../../src/log.ts';
import { mailboxConfig } from '../../support/mailbox.ts';
import { anEmail, anSms, aPush } from '../../support/outgoing.ts';

const log = createLog('silent');
let folder: string;
let dataFile: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-mailbox-'));
  dataFile = path.join(folder, 'deep', 'messages.ndjson');
});
afterEach(() => rm(dataFile, { force: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withMailbox(work: (url: string) => Promise<void>): Promise<void> {
  const options = { port: 0, host: '127.0.0.1', dataFile, apiUrl: 'http://127.0.0.1:9', log };
  const mailbox = await startMailbox(options);
  try {
    await work(mailbox.url);
  } finally {
    await mailbox.close();
  }
}

const send = (url: string, message: Parameters<ReturnType<typeof createSender>['send']>[0]) =>
  createSender(mailboxConfig(url), log).send(message);
const list = async (url: string, query = ''): Promise<MailboxMessage[]> =>
  (await (await fetch(`${url}/messages${query}`)).json()) as MailboxMessage[];

describe('GET /messages', () => {
  it('shows exactly the documented members, newest last', () =>
    withMailbox(async (url) => {
      await send(url, anEmail());
      await send(url, aPush());
      const [email, push] = await list(url);
      expect(Object.keys(email ?? {})).toEqual(
        'id channel to from subject text html title payload body headers tags appId journeyId campaignId activityId endpointId sentAt status'.split(
          ' ',
        ),
      );
      expect([email?.channel, push?.channel]).toEqual(['EMAIL', 'PUSH']);
      expect(new Date(email?.sentAt ?? '').toISOString()).toBe(email?.sentAt);
    }));

  it('filters by recipient and channel', () =>
    withMailbox(async (url) => {
      await send(url, anEmail({ to: 'ann+a@example.com' }));
      await send(url, anEmail());
      await send(url, anSms());
      expect(await list(url, `?to=${encodeURIComponent('ann+a@example.com')}`)).toHaveLength(1);
      expect(await list(url, '?channel=sms')).toMatchObject([{ channel: 'SMS' }]);
      expect(await list(url, '?channel=SMS&to=ann@example.com')).toEqual([]);
    }));
});

describe('what it keeps', () => {
  it('survives a restart, and a last line cut short', async () => {
    let before: MailboxMessage[] = [];
    await withMailbox(async (url) => {
      await send(url, anEmail());
      await send(url, anSms());
      before = await list(url);
    });
    await appendFile(dataFile, '{"message":{"id":"half');
    await withMailbox(async (url) => {
      expect(await list(url)).toEqual(before);
      await send(url, aPush());
    });
    await withMailbox(async (url) => expect(await list(url)).toHaveLength(3));
  });

  it('is gone after DELETE /messages, from the file too', () =>
    withMailbox(async (url) => {
      await send(url, anEmail());
      expect((await fetch(`${url}/messages`, { method: 'DELETE' })).status).toBe(204);
      expect(await list(url)).toEqual([]);
      expect(await readFile(dataFile, 'utf8')).toBe('');
    }));
});

describe('as SES', () => {
  const ses = (url: string) =>
    new SESv2Client({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });

  it('tells its account', () =>
    withMailbox(async (url) => {
      const account = await ses(url).send(new GetAccountCommand({}));
      expect(account).toMatchObject({ SendingEnabled: true, SendQuota: { Max24HourSend: -1 } });
    }));

  it.each([
    ['no recipient', { Content: { Simple: { Subject: { Data: 's' }, Body: {} } } }],
    ['no content', { Destination: { ToAddresses: ['a@example.com'] }, Content: {} }],
    [
      'a tag that SES refuses',
      {
        Destination: { ToAddresses: ['a@example.com'] },
        Content: { Simple: { Subject: { Data: 's' }, Body: {} } },
        EmailTags: [{ Name: 'x', Value: 'a b' }],
      },
    ],
  ])('refuses an e-mail with %s, and keeps nothing', (_, input) =>
    withMailbox(async (url) => {
      await expect(ses(url).send(new SendEmailCommand(input))).rejects.toMatchObject({
        name: 'BadRequestException',
        $metadata: { httpStatusCode: 400 },
      });
      expect(await list(url)).toEqual([]);
    }),
  );
});

describe('events', () => {
  const play = (url: string, id: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/messages/${id}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
    });

  it('are refused with the reason: unknown type, unknown message, impossible for the channel', () =>
    withMailbox(async (url) => {
      await send(url, anSms());
      await send(url, aPush({ origin: {} }));
      const [sms, push] = await list(url);
      expect((await play(url, sms?.id ?? '', { type: 'sneeze' })).status).toBe(400);
      expect((await play(url, sms?.id ?? '', 'text')).status).toBe(400);
      expect((await play(url, 'nobody', { type: 'open' })).status).toBe(404);
      const open = await play(url, sms?.id ?? '', { type: 'open' });
      expect([open.status, await open.json()]).toEqual([409, { error: 'an SMS has no open event' }]);
      expect((await play(url, push?.id ?? '', { type: 'open' })).status).toBe(409);
    }));

  it('are taken as JSON however the client calls it, as curl does, and as the form of the page', () =>
    withMailbox(async (url) => {
      await send(url, anSms());
      const [sms] = await list(url);
      const post = (body: string) =>
        fetch(`${url}/messages/${sms?.id}/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body,
          redirect: 'manual',
        });
      expect((await post('{"type": "open"}')).status).toBe(409);
      expect((await post('type=open')).status).toBe(303);
    }));

  it('answer 502 and change nothing when the API does not take them', () =>
    withMailbox(async (url) => {
      await send(url, anEmail());
      const [email] = await list(url);
      expect((await play(url, email?.id ?? '', { type: 'open' })).status).toBe(502);
      expect(await list(url)).toMatchObject([{ status: 'accepted' }]);
    }));

  it('are refused when the page of another site asks', () =>
    withMailbox(async (url) => {
      await send(url, anEmail());
      const [email] = await list(url);
      const answer = await play(url, email?.id ?? '', { type: 'open' }, { 'sec-fetch-site': 'cross-site' });
      expect(answer.status).toBe(403);
    }));
});

it('answers for an address what PUT /address-answers says, until it takes that back', () =>
  withMailbox(async (url) => {
    const put = async (body: object) =>
      (await fetch(`${url}/address-answers`, { method: 'PUT', body: JSON.stringify(body) })).status;
    const push = aPush();
    expect(await put({ Address: push.token, DeliveryStatus: 'GONE' })).toBe(400);
    expect(await put({ Address: push.token, DeliveryStatus: 'PERMANENT_FAILURE' })).toBe(204);
    expect(await send(url, push)).toMatchObject({ kind: 'refused', statusCode: 410, deadAddress: 'gone' });
    expect(await put({ Address: push.token, DeliveryStatus: 'OPT_OUT' })).toBe(204);
    expect(await send(url, push)).toMatchObject({ kind: 'refused', code: 'OPT_OUT', statusCode: 400 });
    expect(await list(url)).toEqual([]);
    expect(await put({ Address: push.token })).toBe(204);
    expect(await send(url, push)).toMatchObject({ kind: 'accepted' });
  }));

it('tells an API that is still starting of a send again, and stops asking when it is closed', async () => {
  let answers = 0;
  const api = createServer((_, response) => {
    answers += 1;
    response.writeHead(answers < 3 ? 503 : 200).end('{}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const { port } = api.address() as AddressInfo;
  const options = { port: 0, host: '127.0.0.1', dataFile, apiUrl: `http://127.0.0.1:${port}`, log };
  const mailbox = await startMailbox({ ...options, retryDelaysMs: [1, 1, 1] });
  await send(mailbox.url, anEmail());
  await mailbox.settled();
  expect(answers).toBe(3);
  await mailbox.close();

  api.close();
  api.closeAllConnections();
  const waiting = await startMailbox({ ...options, retryDelaysMs: [3_600_000] });
  await send(waiting.url, anEmail());
  await waiting.close();
});

it('says what to do when its port is taken', () =>
  withMailbox(async (url) => {
    const port = Number(new URL(url).port);
    const options = { port, host: '127.0.0.1', dataFile, apiUrl: 'http://127.0.0.1:9', log };
    await expect(startMailbox(options)).rejects.toThrow(`Port ${port} is in use; set REPOINT_MAILBOX_PORT`);
  }));
