import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Hold } from '../../src/activities/journey/journeyActivities.ts';
import { PLAN_VERSION, type Plan } from '../../src/domain/journey/plan.ts';
import { type Position, position, wake } from '../../src/workflows/messages.ts';
import { sent, tutorial } from '../replay/cases.ts';
import { type JourneyRunner, startJourneyRunner } from '../support/journeyRun.ts';

const hour = 3_600_000;
const day = 24 * hour;

let runner: JourneyRunner;
beforeAll(async () => {
  runner = await startJourneyRunner(inject('testServerPath'));
});
afterAll(() => runner.close());

const ended = (): Hold => ({ is: 'ended' });

describe('journey', () => {
  it('folds a wait and a split into one timer that names both, and takes the branch it is told', async () => {
    const run = await runner.run(
      tutorial,
      {
        sendEmail: sent,
        sendPush: sent,
        decide: (_, elapsed) => ({ is: 'branch', branch: 'no', at: elapsed }),
      },
      ({ sleep }) => sleep(5 * day),
    );
    expect(run.status).toBe('COMPLETED');
    const timers = run.commands.filter((command) => command.kind === 'timer');
    expect(timers).toHaveLength(1);
    expect(timers[0]?.summary).toBe('Wait3Days, Check');
    expect(Number(timers[0]?.milliseconds)).toBeGreaterThan(4 * day - 5000);
    expect(run.commands.map((command) => command.type ?? command.kind)).toEqual([
      'sendEmail',
      'timer',
      'decide',
      'sendPush',
    ]);
  });

  it('tells where it is: to who queries it, and in its details in the Web UI', async () => {
    const told: Position[] = [];
    let details = '';
    await runner.run(
      tutorial,
      {
        sendEmail: sent,
        sendPush: sent,
        decide: (_, elapsed) => ({ is: 'branch', branch: 'no', at: elapsed }),
      },
      async ({ sleep, handle }) => {
        await sleep(day);
        told.push(await handle.query(position));
        const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
        details = metadata.currentDetails;
        await sleep(5 * day);
        told.push(await handle.query(position));
      },
    );
    const [waiting, over] = told;
    expect(waiting).toMatchObject({ step: 'Check', passed: ['Wait3Days'] });
    expect(Date.parse(waiting?.sleepsUntil ?? '') - Date.parse(waiting?.due ?? '')).toBe(day);
    expect(details).toBe(
      `On the way to **Check**, after Wait3Days, due ${waiting?.due}; looks again ${waiting?.sleepsUntil}`,
    );
    expect(over).toMatchObject({ step: 'Push', sleepsUntil: null });
  });

  it('asks again at once when woken, and goes on waiting when told to', async () => {
    const asked: number[] = [];
    const run = await runner.run(
      tutorial,
      {
        sendEmail: sent,
        decide: (_, elapsed) => {
          asked.push(elapsed);
          if (asked.length === 1) return { is: 'wait', until: 4 * day };
          return { is: 'branch', branch: 'yes', at: elapsed };
        },
      },
      async ({ handle, sleep }) => {
        await sleep(3 * day + hour);
        await handle.signal(wake);
        await sleep(2 * day);
      },
    );
    expect(run.status).toBe('COMPLETED');
    expect(asked.map((at) => Math.round(at / hour))).toEqual([73, 96]);
  });

  it('does not lose a wake that comes while the step before is still held', async () => {
    const plan: Plan = {
      v: PLAN_VERSION,
      start: 'Mail',
      steps: { Mail: { k: 'email', next: 'Check' }, Check: { k: 'split', t: { for: day } } },
    };
    let attempts = 0;
    const asked: number[] = [];
    const run = await runner.run(
      plan,
      {
        sendEmail: (_, elapsed) => {
          attempts += 1;
          return attempts === 1 ? { is: 'wait', until: elapsed + hour } : { is: 'sent', at: elapsed };
        },
        decide: (_, elapsed) => {
          asked.push(elapsed);
          return { is: 'branch', branch: 'yes', at: elapsed };
        },
      },
      async ({ handle, sleep }) => {
        await sleep(1000);
        await handle.signal(wake);
        await sleep(3 * hour);
      },
    );
    expect(run.status).toBe('COMPLETED');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeLessThan(2 * hour);
  });

  it('sleeps without a timer while the journey is paused, and resumes on a wake', async () => {
    let questions = 0;
    const run = await runner.run(
      { v: PLAN_VERSION, start: 'Mail', steps: { Mail: { k: 'email' } } },
      {
        sendEmail: (_, elapsed) => {
          questions += 1;
          return questions === 1 ? { is: 'parked' } : { is: 'sent', at: elapsed };
        },
      },
      async ({ handle, sleep }) => {
        await sleep(30 * day);
        await handle.signal(wake);
        await sleep(1000);
      },
    );
    expect(run.status).toBe('COMPLETED');
    expect(questions).toBe(2);
    expect(run.commands.filter((command) => command.kind === 'timer')).toEqual([]);
  });

  it('tells every step the waits since the last commit and whether anything follows', async () => {
    const plan: Plan = {
      v: PLAN_VERSION,
      start: 'One',
      steps: {
        One: { k: 'wait', t: { for: hour }, next: 'Two' },
        Two: { k: 'wait', t: { until: 0 }, next: 'Text' },
        Text: { k: 'sms', next: 'Last' },
        Last: { k: 'push' },
      },
    };
    const inputs: unknown[] = [];
    const keep = (input: { step: string; waits: unknown; last: boolean }, elapsed: number) => {
      inputs.push([input.step, input.waits, input.last]);
      return { is: 'skipped' as const, at: elapsed };
    };
    await runner.run(plan, { sendSms: keep, sendPush: keep }, ({ sleep }) => sleep(2 * hour));
    expect(inputs).toEqual([
      [
        'Text',
        [
          { for: hour, step: 'One' },
          { until: 0, step: 'Two' },
        ],
        false,
      ],
      ['Last', [], true],
    ]);
  });

  it('ends in Postgres when its last steps are waits, and only after them', async () => {
    const finishedAt: number[] = [];
    const run = await runner.run(
      { v: PLAN_VERSION, start: 'Wait', steps: { Wait: { k: 'wait', t: { for: day } } } },
      {
        finish: (_, elapsed) => {
          finishedAt.push(elapsed);
          return ended();
        },
      },
      ({ sleep }) => sleep(2 * day),
    );
    expect(run.status).toBe('COMPLETED');
    expect(finishedAt.map((at) => Math.round(at / hour))).toEqual([24]);
  });

  it('asks nothing more once Postgres says that the entry is over', async () => {
    const run = await runner.run(tutorial, { sendEmail: ended }, ({ sleep }) => sleep(1000));
    expect(run.status).toBe('COMPLETED');
    expect(run.commands.map((command) => command.type)).toEqual(['sendEmail']);
  });

  it('waits for a worker that knows its plan instead of failing', async () => {
    const run = await runner.run({ ...tutorial, v: PLAN_VERSION + 1 }, {}, ({ sleep }) => sleep(1000));
    expect(run.status).toBe('RUNNING');
    expect(run.commands).toEqual([]);
  });
});
