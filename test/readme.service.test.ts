import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailboxMessage } from '../src/channels/mailbox/message.ts';
import { awsCliIsThere } from './support/awsCli.ts';
import { writeAwsProgram } from './support/awsCliServer.ts';
import { type Program, runProgram } from './support/program.ts';
import { newStackEnvironment, type StackEnvironment } from './support/stackEnvironment.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const boto3IsThere = process.env.CI === 'true' || spawnSync('python3', ['-c', 'import boto3']).status === 0;

/** The README's blocks of code in one language, in order. */
function blocks(language: string): string[] {
  return [...read('README.md').matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, found, text = '']) =>
    found === language ? [text.trim()] : [],
  );
}

/** What is not typed into the stack that the others need, and what runs it. */
const runElsewhere: Readonly<Record<string, { file: string; by: string }>> = {
  'npm ci && npm run demo': { file: 'test/demo.service.test.ts', by: "run(alone, ['bin/demo.js'])" },
  'npm ci && npm test': { file: '.ci/run', by: 'npm test' },
  'npm start': { file: 'test/dev.service.test.ts', by: "runNpm(['start'], {" },
};
const script = blocks('sh').filter((block) => !(block in runElsewhere));

it('every command that this file does not run is run by another', () => {
  expect(blocks('sh').filter((block) => block in runElsewhere)).toEqual(Object.keys(runElsewhere));
  for (const { file, by } of Object.values(runElsewhere)) expect(read(file)).toContain(by);
});

describe.skipIf(!awsCliIsThere)("the README's commands, in order, in one shell", { timeout: 240_000 }, () => {
  let stack: StackEnvironment;
  let server: Program;
  beforeAll(async () => {
    stack = await newStackEnvironment();
    await writeAwsProgram(stack.folder);
    server = runProgram(['bin/start.js'], stack.env);
    await server.printed('Ctrl-C stops everything');
  });
  afterAll(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
    await stack.remove();
  });

  /** A text of the README with this stack's addresses and folder, its four days in ten seconds instead of forty. */
  function here(text: string): string {
    return text
      .replaceAll('http://127.0.0.1:7100', stack.apiUrl)
      .replaceAll('http://127.0.0.1:7101', stack.mailboxUrl)
      .replaceAll('.repoint/', `${stack.folder}/`)
      .replace('"TimeScale": 8640', '"TimeScale": 34560');
  }

  async function inShell(commands: string, input = ''): Promise<{ code: number | null; printed: string }> {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH: `${stack.folder}:${PATH}`, HOME, AWS_CONFIG_FILE: await awsProfile(), AWS_PAGER: '' };
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], { cwd: root, env });
    let printed = '';
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.on('data', (chunk) => {
        printed += String(chunk);
      });
    }
    shell.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => shell.once('close', resolve));
    return { code, printed };
  }

  /** `~/.aws/config` as the README writes it. */
  async function awsProfile(): Promise<string> {
    const file = path.join(stack.folder, 'aws-config');
    await writeFile(file, here(blocks('ini').join('\n')));
    return file;
  }

  async function messages(filter: Partial<MailboxMessage>): Promise<MailboxMessage[]> {
    const response = await fetch(`${stack.mailboxUrl}/messages`);
    const all = (await response.json()) as MailboxMessage[];
    return all.filter((message) =>
      Object.entries(filter).every(([name, value]) => message[name as keyof MailboxMessage] === value),
    );
  }

  const arrives = (filter: Partial<MailboxMessage>) =>
    expect.poll(() => messages(filter), { timeout: 90_000, interval: 250 }).not.toEqual([]);

  /** Opens each welcome that somebody gets, as soon as it is there, until they are engaged or it is too late. */
  async function openWelcomeOf(name: string): Promise<void> {
    const to = `${name}@example.com`;
    const opened = new Set<string>();
    const isOver = async () => {
      for (const { id } of await messages({ to, activityId: 'WelcomeEmail' })) {
        if (opened.has(id)) continue;
        opened.add(id);
        const event = { method: 'POST', headers: { 'content-type': 'application/json' } };
        await fetch(`${stack.mailboxUrl}/messages/${id}/events`, { ...event, body: '{"type":"open"}' });
      }
      const later = await messages({ to: `device-token-${name}`, activityId: 'ReengagePush' });
      return later.length + (await messages({ to, activityId: 'EngagedFollowUp' })).length > 0;
    };
    const deadline = Date.now() + 90_000;
    while (!(await isOver()) && Date.now() < deadline) await pause(250);
  }

  it('play the whole tutorial, whose messages arrive', async () => {
    const [{ code, printed }] = await Promise.all([inShell(here(script.join('\n'))), openWelcomeOf('ada')]);
    expect(code, printed).toBe(0);
    expect(printed).toContain('warning  Activities.CheckEngagement');
    expect(printed).toContain('"Participant":"u:user123"');

    await arrives({ to: 'user@example.com', subject: 'Your password has been reset' });
    for (const to of ['user123@example.com', 'ada@example.com', 'ben@example.com']) {
      await arrives({ to, subject: 'Get the most out of your premium plan' });
      await arrives({ to, activityId: 'WelcomeEmail' });
    }
    await arrives({ to: 'ada@example.com', activityId: 'EngagedFollowUp' });
    await arrives({ to: 'device-token-from-apns', activityId: 'ReengagePush' });
    await arrives({ to: 'device-token-ben', activityId: 'ReengagePush' });
    expect(await messages({ to: 'device-token-ada', activityId: 'ReengagePush' })).toEqual([]);
    expect(await messages({ to: 'cleo@example.com' })).toEqual([]);
  });

  it('its JavaScript lists the projects', async () => {
    const { code, printed } = await inShell('node --input-type=module', here(blocks('js').join('\n')));
    expect(code, printed).toBe(0);
    expect(printed).toContain('MyApp-UserEngagement');
  });

  it.skipIf(!boto3IsThere)('its Python lists the projects', async () => {
    const { code, printed } = await inShell('python3 -', here(blocks('python').join('\n')));
    expect(code, printed).toBe(0);
    expect(printed).toContain('MyApp-UserEngagement');
  });
});
