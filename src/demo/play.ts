import path from 'node:path';
import { PinpointServiceException } from '@aws-sdk/client-pinpoint';
import { readTrace } from '../cli/journeyTrace.ts';
import { RepointError } from '../domain/errors.ts';
import { check } from './checks.ts';
import { createDemoApi, type Played } from './demoApi.ts';
import { createDemoMailbox } from './demoMailbox.ts';
import { createCampaign, publishJourney, sendAndRecord } from './messagesOut.ts';
import type { OpenStack } from './openStack.ts';
import { people } from './people.ts';
import { addPeople, createProject, createSegment, enableChannels } from './setUp.ts';
import type { Stage } from './stage.ts';
import { storyOf } from './story.ts';
import { type Made, type Traces, watchWhatHappens } from './watch.ts';
import { whereToLook } from './whereToLook.ts';

export interface PlayOptions {
  readonly say: (line: string) => void;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Plays the tutorial on a stack, tells what happened and why, and where to look.
 * @throws RepointError Conflict naming what should have happened and did not
 */
export async function play(stack: OpenStack, options: PlayOptions): Promise<void> {
  const { say } = options;
  const { apiUrl, mailboxUrl, config } = stack;
  const heard = printer(say);
  const api = createDemoApi({ url: apiUrl, keys: config.REPOINT_ACCESS_KEYS, heard });
  const stage: Stage = { api, mailbox: createDemoMailbox(mailboxUrl), ...options };
  try {
    await perform(stage, stack);
  } catch (error) {
    throw error instanceof PinpointServiceException ? refusal(error) : error;
  } finally {
    api.close();
  }
}

async function perform(stage: Stage, { apiUrl, mailboxUrl, config }: OpenStack): Promise<void> {
  const appId = await createProject(stage);
  await enableChannels(stage, appId);
  const importJob = await addPeople(stage, appId, path.resolve(config.REPOINT_DATA_DIR, 's3'));
  const segmentId = await createSegment(stage, appId);
  const campaignId = await createCampaign(stage, appId, segmentId);
  const journeyId = await publishJourney(stage, appId, segmentId);
  await sendAndRecord(stage, appId);
  const made: Made = { appId, campaignId, journeyId };
  await watchWhatHappens(stage, made);

  const traces = await readTraces(stage, made);
  stage.say('\nWhat became of each in the journey, and why');
  for (const person of people) {
    const trace = traces.get(person.userId);
    if (trace)
      stage.say(
        storyOf(person, trace)
          .map((line) => `  ${line}`)
          .join('\n'),
      );
  }
  const checks = check({ importJob, messages: await stage.mailbox.messages(appId), traces });
  stage.say('\nWhat should have happened');
  for (const { what, holds } of checks) stage.say(`  ${holds ? 'yes' : 'NO '}  ${what}`);
  stage.say(whereToLook({ ...made, apiUrl, mailboxUrl, traces }).join('\n'));
  const failed = checks.filter(({ holds }) => !holds);
  if (failed.length > 0)
    throw missing(
      failed.map(({ what }) => what),
      stage.patienceMs,
    );
}

async function readTraces({ api }: Stage, { appId, journeyId }: Made): Promise<Traces> {
  const read = people.map(
    async ({ userId }) => [userId, await readTrace(api, { appId, journeyId }, { user: userId })] as const,
  );
  return new Map(await Promise.all(read));
}

/** Prints requests as they are answered, the same one again only once; the project's id as the tutorial writes it. */
function printer(say: (line: string) => void): (request: Played) => void {
  let last = '';
  return ({ method, path: target, status }) => {
    const shown = target.replace(/^\/v1\/apps\/[^/]+/, '/v1/apps/APP_ID');
    const line = `        ${method.padEnd(4)} ${shown} → ${status}`;
    if (line !== last) say(line);
    last = line;
  };
}

function missing(what: readonly string[], patienceMs: number): RepointError {
  const seconds = patienceMs / 1000;
  return new RepointError(
    'Conflict',
    `within ${seconds} s this did not happen:${what.map((one) => `\n  ${one}`).join('')}`,
  );
}

function refusal({ name, message, $metadata }: PinpointServiceException): RepointError {
  return new RepointError('Conflict', `the API answered ${$metadata.httpStatusCode} ${name}: ${message}`);
}
