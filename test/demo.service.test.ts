import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSender } from '../src/channels/createSender.ts';
import { createUpstream } from '../src/channels/upstreamPinpoint.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { startTestApi } from './support/api.ts';
import { awsCliIsThere } from './support/awsCli.ts';
import { cloneDatabase } from './support/database.ts';
import { testSettings } from './support/deps.ts';
import { startTestMailbox } from './support/mailbox.ts';
import { type Program, processesWith, runProgram } from './support/program.ts';
import { newStackEnvironment, type StackEnvironment } from './support/stackEnvironment.ts';

let stack: StackEnvironment;
let programs: Program[];
beforeEach(async () => {
  stack = await newStackEnvironment();
  programs = [];
});
afterEach(async () => {
  for (const program of programs) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
  await stack.remove();
});

function run(args: readonly string[], more: Record<string, string> = {}): Program {
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
  it('starts a stack, plays the tutorial, says what happened and why, and stops where nobody can look', async () => {
    const demo = run(['bin/demo.js']);
    expect(await demo.ended).toBe(0);
    const said = demo.output();
    for (const outcome of outcomes) expect(said).toContain(outcome);
    expect(said).toMatch(/CheckEngagement +yes: _email\.open of WelcomeEmail arrived/);
    expect(said).toMatch(/CheckEngagement +no: no event _email\.open of WelcomeEmail/);
    expect(said).toContain('did not enter: ENDPOINT_OPT_OUT');
    expect(said).toMatch(
      /Ada's workflow +http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/journey%2F/,
    );
    expect(said).toContain('after `npm start` the above is there again');
    expect(said).not.toContain('"level"');
    expect(processesWith(stack.folder)).toEqual([]);
  });

  it.skipIf(!awsCliIsThere)(
    'plays again and again on a stack that runs, leaves it running, and prints commands and links that work',
    async () => {
      const server = run(['bin/start.js']);
      await server.printed('Ctrl-C stops everything');
      expect(await run(['bin/demo.js']).ended).toBe(0);
      const second = run(['bin/demo.js']);
      expect(await second.ended).toBe(0);

      const said = second.output();
      const [, link = ''] = /Ada's workflow +(\S+)/.exec(said) ?? [];
      expect((await fetch(link)).status).toBe(200);
      const commands = said.split('\n').filter((line) => /^ {2}(export|aws) /.test(line));
      expect(commands).toHaveLength(5);
      const { stdout } = await promisify(execFile)('bash', ['-ec', commands.join('\n')]);
      expect(stdout).toContain('"State": "ACTIVE"');
      await expect
        .poll(() => subjectsTo('you@example.com'), { timeout: 20_000 })
        .toEqual(['Welcome to MyApp, You']);
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'keeps the stack running at a terminal until Ctrl-C, and stops it then',
    async () => {
      // exec: a shell in between would answer Ctrl-C with an exit code of its own
      const demo = runTerminal(`exec ${process.execPath} bin/demo.js`);
      await demo.printed('Ctrl-C stops it; the data is kept.');
      expect((await fetch(`${stack.apiUrl}/healthz`)).status).toBe(200);
      demo.child.stdin?.write('\x03');
      expect(await demo.ended).toBe(0);
      expect(demo.output()).toContain('Stopped.');
      expect(processesWith(stack.folder)).toEqual([]);
    },
  );

  it('stops everything when it is interrupted, with an exit code that says so', async () => {
    const demo = run(['bin/demo.js']);
    await demo.printed('Step 3');
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(130);
    expect(processesWith(stack.folder)).toEqual([]);
  });

  it('refuses an option it does not know', async () => {
    const demo = run(['bin/demo.js', '--impatience', '3']);
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain('--patience SECONDS');
  });
});

function runTerminal(command: string): Program {
  const program = runProgram(['-e', asTerminal, command], stack.env);
  programs.push(program);
  return program;
}

/** `script` gives a command a terminal; what is written to it is typed there. */
const asTerminal = `
  const { spawn } = require('node:child_process');
  spawn('script', ['-qefc', process.argv[1], '/dev/null'], { stdio: 'inherit' })
    .on('exit', (code) => { process.exitCode = code; process.stdin.destroy(); });
`;

async function subjectsTo(address: string): Promise<string[]> {
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
    const demo = run(['bin/demo.js', '--patience', '1'], {
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
