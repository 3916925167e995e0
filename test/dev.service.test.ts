import { once } from 'node:events';
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, processesWith, runNpm, runProgram } from './support/program.ts';
import { newStackEnvironment, type StackEnvironment } from './support/stackEnvironment.ts';

let stack: StackEnvironment;
let folder: string;
let env: Record<string, string>;
let programs: Program[];

beforeAll(async () => {
  stack = await newStackEnvironment();
  ({ env, folder } = stack);
  programs = [];
});
afterAll(async () => {
  await stopAll(programs);
  await stack.remove();
});

async function stopAll(started: readonly Program[]): Promise<void> {
  for (const program of started) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
}

async function startReady(): Promise<Program> {
  const program = runProgram(['bin/start.js'], env);
  programs.push(program);
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

/** Starting takes seconds: these go on with what the one before has left. */
describe('npm start', { timeout: 180_000 }, () => {
  const nowhere = 'http://127.0.0.1:9';
  const misleading = () => ({
    REPOINT_DELIVERY: 'live',
    AWS_ENDPOINT_URL: nowhere,
    AWS_ENDPOINT_URL_PINPOINT: apiUrl(),
    AWS_ENDPOINT_URL_SESV2: nowhere,
    AWS_ACCESS_KEY_ID: 'AKIAREALLOOKING',
    AWS_SECRET_ACCESS_KEY: 'real-looking',
    AWS_REGION: 'eu-central-1',
  });
  let latest: Program;

  it('is healthy when it says it is up', async () => {
    latest = runNpm(['start'], { ...env, ...misleading() });
    programs.push(latest);
    await latest.printed('Ctrl-C stops everything');
    expect((await fetch(`${apiUrl()}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${env.REPOINT_TEMPORAL_UI_PORT}`)).status).toBe(200);
  });

  it('brings every message to the mailbox, whatever the environment says of AWS', async () => {
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
    latest.child.kill('SIGTERM');
    // The pipe closes when the last process that writes to it has ended.
    await latest.ended;
    expect(latest.output()).toContain('Stopped.');
    expect(processesWith(folder)).toEqual([]);
  });

  it('keeps its data over a restart, and leaves no process behind after Ctrl-C', async () => {
    latest = await startReady();
    expect(await appNames()).toEqual(['app']);
    latest.child.kill('SIGINT');
    expect(await latest.ended).toBe(0);
    expect(processesWith(folder)).toEqual([]);
  });

  it('starts again after it was killed, ending the servers that were left', async () => {
    latest = await startReady();
    latest.child.kill('SIGKILL');
    await latest.ended;
    expect(processesWith(folder)).not.toEqual([]);
    latest = await startReady();
    expect(await appNames()).toEqual(['app']);
  });

  it('stops with a reason when one of its servers ends by itself', async () => {
    const pidFile = await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8');
    process.kill(Number(pidFile.split('\n')[0]), 'SIGQUIT');
    expect(await latest.ended).toBe(1);
    expect(latest.output()).toContain('Postgres ended by itself');
    expect(processesWith(folder)).toEqual([]);
  });
});

describe.concurrent('npm start that comes to nothing leaves nothing running', { timeout: 180_000 }, () => {
  /** Somewhere of its own; whatever runs there has ended when `use` has, or is ended then. */
  async function elsewhere(
    use: (own: StackEnvironment, start: (more?: Record<string, string>) => Program) => Promise<void>,
  ): Promise<void> {
    const own = await newStackEnvironment();
    const started: Program[] = [];
    try {
      await use(own, (more = {}) => {
        const program = runProgram(['bin/start.js'], { ...own.env, ...more });
        started.push(program);
        return program;
      });
    } finally {
      await stopAll(started);
      await own.remove();
    }
  }

  it('when it is interrupted while starting', async ({ expect }) => {
    await elsewhere(async (own, start) => {
      const program = start();
      await program.printed('Starting');
      program.child.kill('SIGINT');
      await program.ended;
      expect(processesWith(own.folder)).toEqual([]);
    });
  });

  it('when a port is in use, which it names with its setting', async ({ expect }) => {
    await elsewhere(async (own, start) => {
      const server = createServer().listen(Number(own.env.REPOINT_MAILBOX_PORT), '127.0.0.1');
      await once(server, 'listening');
      const program = start();
      expect(await program.ended).toBe(1);
      expect(program.output()).toContain(
        `port ${own.env.REPOINT_MAILBOX_PORT} for the mailbox is in use by another program (set REPOINT_MAILBOX_PORT`,
      );
      expect(processesWith(own.folder)).toEqual([]);
      server.close();
    });
  });

  it('when its own API is named as upstream', async ({ expect }) => {
    await elsewhere(async (own, start) => {
      const program = start({ REPOINT_UPSTREAM_SES_URL: own.apiUrl });
      expect(await program.ended).toBe(1);
      expect(program.output()).toMatch(/REPOINT_UPSTREAM_SES_URL.*Repoint's own API/);
      expect(processesWith(own.folder)).toEqual([]);
    });
  });
});
