import { parseArgs } from 'node:util';
import { whenNpmIsGone } from '../dev/npmParent.ts';
import { RepointError } from '../domain/errors.ts';
import { type Running, runUntilStopped } from '../runUntilStopped.ts';
import { type OpenStack, openStack } from './openStack.ts';
import { play } from './play.ts';

/** What a shell expects of a program that was interrupted. */
const interrupted = 130;

const say = (line: string) => process.stdout.write(`${line}\n`);
const done = Promise.withResolvers<void>();

await runUntilStopped(start, Promise.race([whenNpmIsGone(process.env), done.promise]));

async function start(signal: AbortSignal): Promise<Running> {
  const patienceMs = readPatience();
  const stack = await openStack({ env: process.env, say, signal }).catch(orInterrupted(signal));
  try {
    await play(stack, { say, patienceMs, signal });
  } catch (error) {
    await stack.stop();
    return orInterrupted(signal)(error);
  }
  return goOn(stack);
}

/**
 * `--patience SECONDS`: how long to wait for what must happen.
 * @throws RepointError BadRequest for anything else
 */
function readPatience(): number {
  const { patience, ...others } = parseArgs({
    options: { patience: { type: 'string', default: '40' } },
    strict: false,
  }).values;
  const seconds = Number(patience);
  const unknown = Object.keys(others);
  if (unknown.length === 0 && seconds > 0) return seconds * 1000;
  const given = unknown.length > 0 ? `unknown option --${unknown[0]}` : `--patience ${String(patience)}`;
  throw new RepointError(
    'BadRequest',
    `${given}; the demo takes --patience SECONDS, above 0, and nothing else`,
  );
}

/** An interrupted demo has not shown what it is there to show. */
function orInterrupted(signal: AbortSignal): (error: unknown) => never {
  return (error) => {
    if (signal.aborted) process.exitCode = interrupted;
    throw signal.aborted ? signal.reason : error;
  };
}

/** The links are of use only while the stack runs: at a terminal it goes on until its user stops it. */
function goOn(stack: OpenStack): Running {
  if (!stack.isOurs) {
    done.resolve();
    return { stop: async () => {} };
  }
  if (process.stdout.isTTY) {
    say('\nEverything keeps running for you to look at. Ctrl-C stops it; the data is kept.');
  } else {
    say(
      '\nThis is no terminal, so everything stops now. The data is kept: after `npm start` the above is there again.',
    );
    done.resolve();
  }
  return {
    ended: stack.ended,
    stop: async () => {
      say('Stopping …');
      await stack.stop();
      say('Stopped.');
    },
  };
}
