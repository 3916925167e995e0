import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import {
  CreateAppCommand,
  GetAppsCommand,
  PinpointClient,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Program, processesWith, runNpm, runProgram } from './support/program.ts';
import { newStackEnvironment, type StackEnvironment } from './support/stackEnvironment.ts';

let stack: StackEnvironment;
let folder: string;
let env: Record<string, string>;
let programs: Program[];

beforeEach(async () => {
  stack = await newStackEnvironment();
  ({ env, folder } = stack);
  programs = [];
});
afterEach(async () => {
  for (const program of programs) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
  await stack.remove();
});

function start(more: Record<string, string> = {}): Program {
  const program = runProgram(['bin/start.js'], { ...env, ...more });
  programs.push(program);
  return program;
}

async function startReady(more: Record<string, string> = {}): Promise<Program> {
  const program = start(more);
  await program.printed('Ctrl-C stops everything');
  return program;
}

const apiUrl = () => `http://127.0.0.1:${env.REPOINT_PORT}`;

function client(): PinpointClient {
  return new PinpointClient({
    endpoint: apiUrl(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'ANYKEY', secretAccessKey: 'any secret' },
  });
}

async function appNames(): Promise<(string | undefined)[]> {
  const { ApplicationsResponse } = await client().send(new GetAppsCommand({}));
  return (ApplicationsResponse?.Item ?? []).map((app) => app.Name);
}

describe('npm start', { timeout: 180_000 }, () => {
  it('is healthy when it says it is up, keeps its data over a restart and leaves no process behind', async () => {
    const first = await startReady();
    expect((await fetch(`${apiUrl()}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${env.REPOINT_TEMPORAL_UI_PORT}`)).status).toBe(200);
    await client().send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'kept' } }));
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(processesWith(folder)).toEqual([]);

    const second = await startReady();
    expect(await appNames()).toEqual(['kept']);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(processesWith(folder)).toEqual([]);
  });

  it('brings every message to the mailbox, whatever the environment says of AWS', async () => {
    const nowhere = 'http://127.0.0.1:9';
    await startReady({
      REPOINT_DELIVERY: 'live',
      AWS_ENDPOINT_URL: nowhere,
      AWS_ENDPOINT_URL_PINPOINT: apiUrl(),
      AWS_ENDPOINT_URL_SESV2: nowhere,
      AWS_ACCESS_KEY_ID: 'AKIAREALLOOKING',
      AWS_SECRET_ACCESS_KEY: 'real-looking',
      AWS_REGION: 'eu-central-1',
    });
    const { ApplicationResponse } = await client().send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'app' } }),
    );
    const ApplicationId = ApplicationResponse?.Id;
    await client().send(
      new UpdateEmailChannelCommand({
        ApplicationId,
        EmailChannelRequest: {
          Enabled: true,
          FromAddress: 'shop@example.com',
          Identity: 'arn:aws:ses:::identity/example.com',
        },
      }),
    );
    await client().send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
    const sent = await client().send(
      new SendMessagesCommand({
        ApplicationId,
        MessageRequest: {
          Addresses: { 'ann@example.com': { ChannelType: 'EMAIL' }, '+15555550100': { ChannelType: 'SMS' } },
          MessageConfiguration: {
            EmailMessage: { SimpleEmail: { Subject: { Data: 'Hello' }, TextPart: { Data: 'Hello Ann' } } },
            SMSMessage: { Body: 'Hello Ann', MessageType: 'TRANSACTIONAL' },
          },
        },
      }),
    );
    const results = Object.values(sent.MessageResponse?.Result ?? {});
    expect(results.map((result) => result.StatusCode)).toEqual([200, 200]);
    const mailbox = await fetch(`http://127.0.0.1:${env.REPOINT_MAILBOX_PORT}/messages`);
    const messages = (await mailbox.json()) as { to: string }[];
    expect(messages.map((message) => message.to).sort()).toEqual(['+15555550100', 'ann@example.com']);
  });

  it('stops everything when npm, which started it, is told to stop', async () => {
    const program = runNpm(['start'], env);
    programs.push(program);
    await program.printed('Ctrl-C stops everything');
    program.child.kill('SIGTERM');
    // The pipe closes when the last process that writes to it has ended.
    await program.ended;
    expect(program.output()).toContain('Stopped.');
    expect(processesWith(folder)).toEqual([]);
  });

  it('starts again after it was killed, ending the servers that were left', async () => {
    const first = await startReady();
    await client().send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'kept' } }));
    first.child.kill('SIGKILL');
    await first.ended;
    expect(processesWith(folder)).not.toEqual([]);
    await startReady();
    expect(await appNames()).toEqual(['kept']);
  });

  it('stops what has started when it is interrupted while starting', async () => {
    const program = start();
    await program.printed('Starting');
    program.child.kill('SIGINT');
    await program.ended;
    expect(processesWith(folder)).toEqual([]);
  });

  it('names each port in use with its setting, and leaves nothing running', async () => {
    const server = createServer().listen(Number(env.REPOINT_MAILBOX_PORT), '127.0.0.1');
    const program = start();
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain(
      `port ${env.REPOINT_MAILBOX_PORT} for the mailbox is in use by another program (set REPOINT_MAILBOX_PORT`,
    );
    expect(processesWith(folder)).toEqual([]);
    server.close();
  });

  it('stops with a reason when one of its servers ends by itself', async () => {
    const program = await startReady();
    const pidFile = await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8');
    process.kill(Number(pidFile.split('\n')[0]), 'SIGQUIT');
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain('Postgres ended by itself');
    expect(processesWith(folder)).toEqual([]);
  });

  it('refuses its own API as upstream', async () => {
    const program = start({ REPOINT_UPSTREAM_SES_URL: apiUrl() });
    expect(await program.ended).toBe(1);
    expect(program.output()).toMatch(/REPOINT_UPSTREAM_SES_URL.*Repoint's own API/);
    expect(processesWith(folder)).toEqual([]);
  });
});
