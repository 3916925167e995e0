import { maskedUrl } from './config.ts';
import { whenNpmIsGone } from './dev/npmParent.ts';
import { type Stack, startStack } from './dev/stack.ts';
import { type Running, runUntilStopped } from './runUntilStopped.ts';

const started = performance.now();

await runUntilStopped(start, whenNpmIsGone(process.env));

async function start(signal: AbortSignal): Promise<Running> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say('Starting Postgres, Temporal, mailbox, API and worker …');
  const stack = await startStack({ env: process.env, say, signal });
  say(summary(stack));
  return {
    ended: stack.ended,
    stop: async () => {
      say('Stopping …');
      await stack.stop();
      say('Stopped.');
    },
  };
}

function summary(stack: Stack): string {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return `
Repoint is up after ${seconds} s. Nothing is sent to AWS: every message goes to the mailbox.

  API              ${stack.apiUrl}
  Mailbox          ${stack.mailboxUrl}
  Temporal Web UI  ${stack.temporalUiUrl ?? 'set REPOINT_TEMPORAL_UI_URL to see its address here'}
  Postgres         ${shownUrl(stack)}
  Data and logs    ${stack.dataFolder}

Try: aws pinpoint get-apps --endpoint-url ${stack.apiUrl}
Ctrl-C stops everything; the data is kept.
`;
}

/** The embedded Postgres' password is public, and needed to look inside; that of another is not. */
function shownUrl({ config, embedsPostgres }: Stack): string {
  const { DATABASE_URL = '' } = config;
  return embedsPostgres ? DATABASE_URL : maskedUrl(DATABASE_URL);
}
