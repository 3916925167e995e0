import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type {
  CampaignEnd,
  CampaignOpening,
  CampaignPage,
  CampaignRunActivities,
} from '../../src/activities/campaign/campaignRunActivities.ts';
import type { campaignRun } from '../../src/workflows/campaignRun.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  const server = { executable: { type: 'existing-path' as const, path: inject('testServerPath') } };
  environment = await TestWorkflowEnvironment.createTimeSkipping({ server });
});
afterAll(() => environment?.teardown());

const campaign = { appId: 'app', campaignId: 'campaign', version: 1 };
const open: CampaignOpening = { is: 'open', runId: 'run' };

/** The activities as plain functions that note what was asked. */
function noting(overrides: Partial<CampaignRunActivities> = {}) {
  const calls: string[] = [];
  const answers: CampaignRunActivities = {
    openCampaignRun: async () => open,
    sendCampaignPage: async () => ({ is: 'finished' }),
    closeCampaignRun: async () => {},
    ...overrides,
  };
  const activities: CampaignRunActivities = {
    openCampaignRun: (input) => {
      calls.push('open');
      return answers.openCampaignRun(input);
    },
    sendCampaignPage: (input) => {
      calls.push(`page ${input.runId}`);
      return answers.sendCampaignPage(input);
    },
    closeCampaignRun: (input) => {
      calls.push(`close ${input.end}`);
      return answers.closeCampaignRun(input);
    },
  };
  return { activities, calls };
}

type Handle = Awaited<ReturnType<typeof environment.client.workflow.start<typeof campaignRun>>>;

async function running(activities: CampaignRunActivities, use: (handle: Handle) => Promise<void>) {
  const taskQueue = randomUUID();
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: inject('workflowBundlePath') },
    activities,
  });
  await worker.runUntil(async () => {
    const workflowId = `campaign-run/${randomUUID()}`;
    const options = { taskQueue, workflowId, args: [campaign] as [typeof campaign] };
    await use(await environment.client.workflow.start<typeof campaignRun>('campaignRun', options));
  });
}

const finished = (handle: Handle) => handle.result();

/** Answers in turn, the last again and again. */
function inTurn<A>(...answers: (() => A)[]): () => Promise<A> {
  let asked = 0;
  return async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer === undefined) throw new Error('no answer');
    return answer();
  };
}

const page = (is: CampaignPage['is']) => (): CampaignPage => ({ is });

test('sleeps until the start in one timer, named for what it waits for', async () => {
  const begins = (await environment.currentTimeMs()) + 3_600_000;
  const wait = (): CampaignOpening => ({ is: 'wait', until: begins });
  const { activities, calls } = noting({ openCampaignRun: inTurn(wait, () => open) });
  await running(activities, async (handle) => {
    await finished(handle);
    const { events } = await handle.fetchHistory();
    const timers = (events ?? []).filter((event) => event.timerStartedEventAttributes);
    const summaries = timers.map((event) => String(event.userMetadata?.summary?.data));
    expect(summaries).toEqual(['"scheduled start"']);
  });
  expect(calls).toEqual(['open', 'open', 'page run', 'close finished']);
  expect(await environment.currentTimeMs()).toBeGreaterThanOrEqual(begins);
});

test('a change has a sleeping run look again, and one that is nobody’s affair any more ends', async () => {
  const begins = (await environment.currentTimeMs()) + 3_600_000;
  const wait = (): CampaignOpening => ({ is: 'wait', until: begins });
  const stopped = (): CampaignOpening => ({ is: 'stopped' });
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const answer = inTurn(wait, stopped);
  const openCampaignRun = async () => {
    ask();
    return await answer();
  };
  const { activities, calls } = noting({ openCampaignRun });
  await running(activities, async (handle) => {
    await asked;
    await handle.signal('campaignChanged');
    // the environment's own client would skip time while it waits
    const plain = new Client({ connection: environment.connection });
    await plain.workflow.getHandle(handle.workflowId).result();
  });
  expect(calls).toEqual(['open', 'open']);
  expect(await environment.currentTimeMs()).toBeLessThan(begins);
});

test.each<CampaignEnd>(['finished', 'expired', 'segmentDeleted'])(
  'sends page after page and closes a run that is %s',
  async (end) => {
    const { activities, calls } = noting({ sendCampaignPage: inTurn(page('more'), page(end)) });
    await running(activities, finished);
    expect(calls).toEqual(['open', 'page run', 'page run', `close ${end}`]);
  },
);

test('a run that was stopped is left as it is: its next version goes on with it', async () => {
  const { activities, calls } = noting({ sendCampaignPage: inTurn(page('more'), page('stopped')) });
  await running(activities, finished);
  expect(calls).toEqual(['open', 'page run', 'page run']);
});

test('a page that somebody has to wait for is repeated after the delay asked for', async () => {
  const began = await environment.currentTimeMs();
  const throttled = (): CampaignPage => {
    throw ApplicationFailure.create({ type: 'Throttled', message: 'later', nextRetryDelay: '10 minutes' });
  };
  const { activities, calls } = noting({ sendCampaignPage: inTurn(throttled, page('finished')) });
  await running(activities, finished);
  expect(calls).toEqual(['open', 'page run', 'page run', 'close finished']);
  expect(await environment.currentTimeMs()).toBeGreaterThanOrEqual(began + 600_000);
});

test('a long run continues as new, with the same run and without opening it again', async () => {
  const more = Array.from({ length: 501 }, () => page('more'));
  const { activities, calls } = noting({ sendCampaignPage: inTurn(...more, page('finished')) });
  await running(activities, finished);
  expect(calls.filter((call) => call === 'open')).toHaveLength(1);
  expect(calls.filter((call) => call === 'page run')).toHaveLength(502);
  expect(calls.at(-1)).toBe('close finished');
});
