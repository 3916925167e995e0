import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetAppCommand } from '@aws-sdk/client-pinpoint';
import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPinpointClient, createSesClient } from '../../src/channels/clients.ts';
import { createSender } from '../../src/channels/createSender.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { startTestMailbox, useMailbox } from '../support/mailbox.ts';
import { anEmail, anSms, aPush } from '../support/outgoing.ts';

const log = createLog('silent');

const mailbox = useMailbox();
afterEach(async () => {
  mailbox.inject();
  vi.unstubAllEnvs();
  await fetch(`${mailbox.url}/messages`, { method: 'DELETE' });
});

const sender = (options: { timeoutMs?: number } = {}) => createSender(mailbox.config, log, options);

describe('what reaches the provider', () => {
  it('sends an e-mail with our ids as tags that SES accepts', async () => {
    const outcome = await sender().send(
      anEmail({ origin: { journeyId: 'j1', activityId: 'Welcome', endpointId: 'ann@example.com/1' } }),
    );
    const [message] = await mailbox.messages();
    expect(outcome).toEqual({ kind: 'accepted', providerMessageId: message?.id });
    expect(message).toMatchObject({
      channel: 'EMAIL',
      to: 'ann@example.com',
      from: 'shop@example.com',
      subject: 'Welcome',
      html: '<p>Hello</p>',
      text: 'Hello',
      tags: {
        'repoint-message': anEmail().messageId,
        'repoint-app': anEmail().appId,
        'repoint-journey': 'j1',
        'repoint-activity': 'Welcome',
        'repoint-endpoint': 'ann_example_com_1',
      },
      journeyId: 'j1',
      activityId: 'Welcome',
      status: 'accepted',
    });
  });

  it('sends a raw e-mail as it is', async () => {
    const source = [
      'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
      'Content-Type: multipart/alternative; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=C3=BC=C3=9Fe',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Grüße</p>',
      '--b--',
      '',
    ].join('\r\n');
    await sender().send(anEmail({ content: { kind: 'raw', data: Buffer.from(source) } }));
    expect(await mailbox.messages()).toMatchObject([
      { subject: 'Grüße', text: 'Grüße', html: '<p>Grüße</p>', to: 'ann@example.com' },
    ]);
  });

  it('sends an SMS with our ids in its context', async () => {
    expect(await sender().send(anSms())).toMatchObject({ kind: 'accepted' });
    expect(await mailbox.messages({ channel: 'SMS' })).toMatchObject([
      {
        to: '+15550100',
        body: 'Hello',
        appId: anSms().appId,
        endpointId: 'user123-email',
        tags: { repoint_message: anSms().messageId, repoint_app: anSms().appId },
      },
    ]);
  });

  it.each(['APNS', 'APNS_VOIP_SANDBOX', 'GCM', 'ADM', 'BAIDU'] as const)(
    'sends a push by %s',
    async (channelType) => {
      expect(await sender().send(aPush({ channelType }))).toMatchObject({ kind: 'accepted' });
      expect(await mailbox.messages()).toMatchObject([
        {
          channel: 'PUSH',
          to: 'device-token',
          title: 'Come back',
          body: 'We miss you',
          journeyId: 'journey1',
        },
      ]);
    },
  );
});

describe('what a call comes to', () => {
  it('is unknown when the connection is lost after the request left, and the message was taken', async () => {
    mailbox.inject(() => ({ kind: 'drop' }));
    expect(await sender().send(anEmail())).toEqual({ kind: 'unknown', reason: 'ECONNRESET' });
    expect(await sender().send(anSms())).toEqual({ kind: 'unknown', reason: 'ECONNRESET' });
    expect(await mailbox.messages()).toHaveLength(2);
  });

  it('is unknown when no answer comes in time', async () => {
    mailbox.inject(() => ({ kind: 'stall' }));
    expect(await sender({ timeoutMs: 200 }).send(anEmail())).toEqual({
      kind: 'unknown',
      reason: 'DeadlineError',
    });
    expect(await mailbox.messages()).toHaveLength(1);
  });

  it.each([500, 503] as const)('is unknown after a %s, and the call is not repeated', async (status) => {
    mailbox.inject(() => ({ kind: 'status', status, code: 'InternalFailure', accepted: true }));
    expect(await sender().send(anEmail())).toEqual({ kind: 'unknown', reason: `${status} InternalFailure` });
    expect(await mailbox.messages()).toHaveLength(1);
  });

  it('is throttled after a 429, with the time the provider asks for', async () => {
    mailbox.inject(() => ({
      kind: 'status',
      status: 429,
      code: 'TooManyRequestsException',
      retryAfter: '7',
    }));
    expect(await sender().send(anEmail())).toEqual({
      kind: 'throttled',
      reason: 'TooManyRequestsException',
      retryAfterMs: 7000,
    });
    mailbox.inject(() => ({ kind: 'status', status: 429, code: 'TooManyRequestsException' }));
    expect(await sender().send(aPush())).toEqual({ kind: 'throttled', reason: 'TooManyRequestsException' });
    expect(await mailbox.messages()).toEqual([]);
  });

  it('is told in characters that can be recorded, whatever the provider says', async () => {
    const updatedToken = 'a\0b';
    mailbox.inject(() => ({ kind: 'result', deliveryStatus: 'SUCCESSFUL', statusCode: 200, updatedToken }));
    expect(await sender().send(aPush())).toMatchObject({ kind: 'accepted', updatedToken: 'a\uFFFDb' });
  });

  it.each([
    ['ThrottlingException', 400, 'throttled'],
    ['SendingPausedException', 400, 'throttled'],
    ['ExpiredTokenException', 403, 'unreached'],
    ['RequestTimeout', 408, 'unknown'],
  ] as const)('%s with status %s is %s', async (code, status, kind) => {
    mailbox.inject(() => ({ kind: 'status', status, code }));
    expect(await sender().send(anEmail())).toMatchObject({ kind });
  });

  it.each([
    ['MessageRejected', 400],
    ['AccessDeniedException', 403],
    ['NotFoundException', 404],
  ] as const)('%s with status %s is refused', async (code, status) => {
    mailbox.inject(() => ({ kind: 'status', status, code }));
    expect(await sender().send(anEmail())).toEqual({
      kind: 'refused',
      statusCode: status,
      code,
      reason: `Fault: ${code}`,
    });
  });

  it.each([
    ['SUCCESSFUL', 200, 'accepted'],
    ['THROTTLED', 429, 'throttled'],
    ['TEMPORARY_FAILURE', 400, 'throttled'],
    ['TEMPORARY_FAILURE', 500, 'unknown'],
    ['PERMANENT_FAILURE', 410, 'refused'],
    ['OPT_OUT', 410, 'refused'],
    ['DUPLICATE', 400, 'refused'],
    ['UNKNOWN_FAILURE', 500, 'unknown'],
    ['TIMEOUT', 400, 'unknown'],
  ])("reads Pinpoint's %s (%s) for the address as %s", async (deliveryStatus, statusCode, kind) => {
    mailbox.inject(() => ({ kind: 'result', deliveryStatus, statusCode }));
    expect(await sender().send(aPush())).toMatchObject({ kind });
  });
});

/** An AWS config file whose default profile sends both services to `url`. */
async function profilePointingAt(url: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'repoint-aws-')), 'config');
  const services = [
    '[services repoint]',
    'sesv2 =',
    `  endpoint_url = ${url}`,
    'pinpoint =',
    `  endpoint_url = ${url}`,
  ];
  const profile = ['[default]', 'services = repoint', `endpoint_url = ${url}`];
  await writeFile(file, [...profile, ...services, ''].join('\n'));
  return file;
}

describe('where the calls go', () => {
  it('never goes where AWS_ENDPOINT_URL or a profile points', async () => {
    const trap = await startTestMailbox();
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SESV2', 'AWS_ENDPOINT_URL_PINPOINT']) {
      vi.stubEnv(name, trap.url);
    }
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', await profilePointingAt(trap.url));
    await sender().send(anEmail());
    await sender().send(anSms());
    expect(await trap.messages()).toEqual([]);
    expect(await mailbox.messages()).toHaveLength(2);
    await trap.close();
  });

  it("goes to AWS's own address when delivery is live and no address is set", async () => {
    const trap = await startTestMailbox();
    vi.stubEnv('AWS_ENDPOINT_URL', trap.url);
    vi.stubEnv('AWS_CONFIG_FILE', await profilePointingAt(trap.url));
    const live = readConfig({ REPOINT_REGION: 'us-east-1' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const asked: string[] = [];
    // Stops before the network: AWS itself must not be called.
    const stop =
      () =>
      async (args: { request: unknown }): Promise<never> => {
        asked.push((args.request as { hostname: string }).hostname);
        throw new Error('stopped');
      };
    const [ses, pinpoint] = [createSesClient(live), createPinpointClient(live)];
    ses.middlewareStack.add(stop, { step: 'build', name: 'stop', priority: 'low' });
    pinpoint.middlewareStack.add(stop, { step: 'build', name: 'stop', priority: 'low' });
    await expect(ses.send(new GetAccountCommand({}))).rejects.toThrow('stopped');
    await expect(pinpoint.send(new GetAppCommand({ ApplicationId: 'a' }))).rejects.toThrow('stopped');
    expect(asked).toEqual(['email.us-east-1.amazonaws.com', 'pinpoint.us-east-1.amazonaws.com']);
    await trap.close();
  });

  it('refuses our own API and, with the mailbox, AWS', () => {
    const at =
      (url: string, more: Record<string, string> = {}) =>
      () =>
        createSender(readConfig({ REPOINT_UPSTREAM_SES_URL: url, REPOINT_PORT: '7100', ...more }), log);
    expect(at('http://localhost:7100')).toThrow(/REPOINT_UPSTREAM_SES_URL: .*own API/);
    expect(at('http://[::1]:7100', { REPOINT_HOST: '0.0.0.0' })).toThrow(/own API/);
    expect(at('https://email.us-east-1.amazonaws.com', { REPOINT_DELIVERY: 'mailbox' })).toThrow(/is AWS/);
    expect(at('http://127.0.0.1:7101')).not.toThrow();
  });
});
