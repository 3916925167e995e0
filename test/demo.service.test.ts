import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSender } from '../src/channels/createSender.ts';
import { createUpstream } from '../src/channels/upstream/upstreamPinpoint.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { startTestApi } from './support/api.ts';
import { awsCliIsThere } from './support/awsCli.ts';
import { writeAwsProgram } from './support/awsCliServer.ts';
import { cloneDatabase } from './support/database.ts';
import { testSettings } from './support/deps.ts';
import { startTestMailbox } from './support/mailbox.ts';
import { type Program, processesWith, runProgram } from './support/program.ts';
import { newStackEnvironment, type StackEnvironment } from './support/stackEnvironment.ts';

const stacks: StackEnvironment[] = [];
const programs: Program[] = [];
afterAll(async () => {
  for (const program of programs) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
  for (const stack of stacks) await stack.remove();
});

async function newStack(): Promise<StackEnvironment> {
  const stack = await newStackEnvironment();
  stacks.push(stack);
  return stack;
}

function run(stack: StackEnvironment, args: readonly string[], more: Record<string, string> = {}): Program {
  const program = runProgram(args, { ...stack.env, ...more });
  programs.push(program);
  return program;
}

const outcomes = [
  'yes  the import registered four endpoints',
  'yes  the campaign wrote to user123 and Ada, once each, and to nobody else',
  'yes  the password reset reached its address once',
  'yes  user123 opened the welcome e-mail: the follow-up and no push',
  'yes  Ada did not: a push to her iPhone and no follow-up',
  'yes  both journeys ended as COMPLETED',
  'yes  Cleo is opted out: nothing at all, and the trace says why',
];

describe('npm run demo', { timeout: 180_000 }, () => {
  let alone: StackEnvironment;
  let aloneDemo: Program;
  let kept: StackEnvironment;
  let keptDemo: Program;
  /** A play waits most of its time: those that need one each begin together. */
  beforeAll(async () => {
    alone = await newStack();
    kept = await newStack();
    aloneDemo = run(alone, ['bin/demo.js']);
    // exec: a shell in between would answer Ctrl-C with an exit code of its own
    if (process.platform === 'linux') keptDemo = runTerminal(kept, `exec ${process.execPath} bin/demo.js`);
  });

  it('starts a stack, plays the tutorial, says what happened and why, and stops where nobody can look', async () => {
    expect(await aloneDemo.ended).toBe(0);
    const said = aloneDemo.output();
    for (const outcome of outcomes) expect(said).toContain(outcome);
    expect(said).toMatch(/CheckEngagement +yes: _email\.open of WelcomeEmail arrived/);
    expect(said).toMatch(/CheckEngagement +no: no event _email\.open of WelcomeEmail/);
    expect(said).toContain('did not enter: ENDPOINT_OPT_OUT');
    expect(said).toMatch(
      /Ada's workflow +http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/journey%2F/,
    );
    expect(said).toContain('after `npm start` the above is there again');
    expect(said).not.toContain('"level"');
    expect(processesWith(alone.folder)).toEqual([]);
  });

  describe.skipIf(process.platform !== 'linux')('at a terminal', () => {
    it('keeps the stack running', async () => {
      await keptDemo.printed('Ctrl-C stops it; the data is kept.');
      expect((await fetch(`${kept.apiUrl}/healthz`)).status).toBe(200);
    });

    it.skipIf(!awsCliIsThere)(
      'plays again on a stack that runs, leaves it running, and prints commands and links that work',
      async () => {
        const second = run(kept, ['bin/demo.js']);
        expect(await second.ended).toBe(0);
        const said = second.output();
        const [, link = ''] = /Ada's workflow +(\S+)/.exec(said) ?? [];
        expect((await fetch(link)).status).toBe(200);
        const commands = said.split('\n').filter((line) => /^ {2}(export|aws) /.test(line));
        expect(commands).toHaveLength(5);
        await writeAwsProgram(kept.folder);
        const env = { ...process.env, PATH: `${kept.folder}:${process.env.PATH}` };
        const { stdout } = await promisify(execFile)('bash', ['-ec', commands.join('\n')], { env });
        expect(stdout).toContain('"State": "ACTIVE"');
        await expect
          .poll(() => subjectsTo(kept, 'you@example.com'), { timeout: 20_000 })
          .toEqual(['Welcome to MyApp, You']);
      },
    );

    it('stops it at Ctrl-C', async () => {
      keptDemo.child.stdin?.write('\x03');
      expect(await keptDemo.ended).toBe(0);
      expect(keptDemo.output()).toContain('Stopped.');
      expect(processesWith(kept.folder)).toEqual([]);
    });
  });

  it('stops everything when it is interrupted, with an exit code that says so', async () => {
    const demo = run(alone, ['bin/demo.js']);
    await demo.printed('Step 3');
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(130);
    expect(processesWith(alone.folder)).toEqual([]);
  });

  it('refuses an option it does not know', async () => {
    const demo = run(alone, ['bin/demo.js', '--impatience', '3']);
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain('--patience SECONDS');
  });
});

function runTerminal(stack: StackEnvironment, command: string): Program {
  return run(stack, ['-e', asTerminal, command]);
}

/** `script` gives a command a terminal; what is written to it is typed there. */
const asTerminal = `
  const { spawn } = require('node:child_process');
  spawn('script', ['-qefc', process.argv[1], '/dev/null'], { stdio: 'inherit' })
    .on('exit', (code) => { process.exitCode = code; process.stdin.destroy(); });
`;

async function subjectsTo(stack: StackEnvironment, address: string): Promise<string[]> {
  const response = await fetch(`${stack.mailboxUrl}/messages?to=${address}`);
  return ((await response.json()) as { subject: string }[]).map(({ subject }) => subject);
}

describe('npm run demo, against an API that runs', () => {
  /** The demo's exit code and words against an API with a mailbox and no worker. */
  async function demoAgainst(delivery: 'mailbox' | 'live'): Promise<{ code: number | string; said: string }> {
    const [database, mailbox] = [await cloneDatabase(), await startTestMailbox()];
    const config = readConfig({ ...testSettings, REPOINT_DELIVERY: delivery });
    const upstream = createUpstream(mailbox.config);
    const sender = createSender(mailbox.config, createLog('silent'));
    const api = await startTestApi(database, { deps: { config, upstream, sender } });
    mailbox.pointAt(api.url);
    const demo = run(await newStack(), ['bin/demo.js', '--patience', '1'], {
      REPOINT_PORT: new URL(api.url).port,
      REPOINT_MAILBOX_PORT: new URL(mailbox.url).port,
      REPOINT_ACCESS_KEYS: testSettings.REPOINT_ACCESS_KEYS,
    });
    const code = await demo.ended;
    await api.close();
    await mailbox.close();
    await database.drop();
    return { code, said: demo.output() };
  }

  it('fails and names what did not happen', async () => {
    const { code, said } = await demoAgainst('mailbox');
    expect(code).toBe(1);
    expect(said).toContain('within 1 s this did not happen:\n  the import registered four endpoints');
    expect(said).toContain('NO   Ada did not: a push to her iPhone and no follow-up');
    expect(said).not.toContain('yes  both journeys');
  });

  it('refuses one that writes to real people, before it makes anything but an empty project', async () => {
    const { code, said } = await demoAgainst('live');
    expect(code).toBe(1);
    expect(said).toContain('REPOINT_DELIVERY=mailbox');
    expect(said).not.toContain('Step 2');
  });
});
