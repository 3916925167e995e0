import type { MessageAnswer, SplitAnswer } from '../../src/activities/journey/journeyActivities.ts';
import { type Branch, PLAN_VERSION, type Plan, type PlanStep } from '../../src/domain/journey/plan.ts';
import { wake } from '../../src/workflows/messages.ts';
import type { Answers, Drive } from '../support/journeyRun.ts';

export const hour = 3_600_000;
export const day = 24 * hour;

/** A run of a journey whose history is kept: a workflow that was started by this version must go on under every later one. */
export interface ReplayCase {
  readonly plan: Plan;
  readonly answers: Answers;
  readonly drive: Drive;
}

const plan = (start: string, steps: Record<string, PlanStep>): Plan => ({ v: PLAN_VERSION, start, steps });

/** The tutorial's: welcome, three days, opened within another? */
export const tutorial = plan('Welcome', {
  Welcome: { k: 'email', next: 'Wait3Days' },
  Wait3Days: { k: 'wait', t: { for: 3 * day }, next: 'Check' },
  Check: { k: 'split', t: { for: day }, yes: 'FollowUp', no: 'Push' },
  FollowUp: { k: 'email' },
  Push: { k: 'push' },
});

export const sent = (_: unknown, elapsed: number) => ({ is: 'sent' as const, at: elapsed });
const skipped = (_: unknown, elapsed: number) => ({ is: 'skipped' as const, at: elapsed });
const branch = (taken: Branch) => (_: unknown, elapsed: number) => ({
  is: 'branch' as const,
  branch: taken,
  at: elapsed,
});

/** Answers in turn; the last one again. */
export function inTurn<A>(...answers: ((input: unknown, elapsed: number) => A)[]) {
  let turn = 0;
  return (input: unknown, elapsed: number): A => {
    const answer = answers[Math.min(turn, answers.length - 1)];
    turn += 1;
    if (!answer) throw new Error('no answer');
    return answer(input, elapsed);
  };
}

/** Plan version 1. Never deleted; a case is recorded once, and a new kind of run is a new case. */
export const cases: Readonly<Record<string, ReplayCase>> = {
  'v1-never-opened': {
    plan: tutorial,
    answers: { sendEmail: sent, decide: branch('no'), sendPush: sent },
    drive: ({ sleep }) => sleep(5 * day),
  },
  'v1-opened-on-day-three': {
    plan: tutorial,
    answers: { sendEmail: sent, decide: branch('yes') },
    drive: async ({ sleep, handle }) => {
      await sleep(3 * day + hour);
      await handle.signal(wake);
      await sleep(hour);
    },
  },
  'v1-woken-in-vain': {
    plan: tutorial,
    answers: {
      sendEmail: sent,
      decide: inTurn<SplitAnswer>(() => ({ is: 'wait', until: 4 * day }), branch('no')),
      sendPush: skipped,
    },
    drive: async ({ sleep, handle }) => {
      await sleep(3 * day + hour);
      await handle.signal(wake);
      await sleep(2 * day);
    },
  },
  'v1-paused-and-resumed': {
    plan: tutorial,
    answers: {
      sendEmail: inTurn<MessageAnswer>(() => ({ is: 'parked' }), sent),
      decide: inTurn<SplitAnswer>(() => ({ is: 'parked' }), branch('no')),
      sendPush: sent,
    },
    drive: async ({ sleep, handle }) => {
      await sleep(hour);
      await handle.signal(wake);
      await sleep(5 * day);
      await handle.signal(wake);
      await sleep(hour);
    },
  },
  'v1-deferred-message': {
    plan: plan('Text', { Text: { k: 'sms', next: 'Until' }, Until: { k: 'wait', t: { until: 0 } } }),
    answers: {
      sendSms: inTurn<MessageAnswer>((_, elapsed) => ({ is: 'wait', until: elapsed + hour }), sent),
      finish: () => ({ is: 'ended' }),
    },
    drive: ({ sleep }) => sleep(2 * hour),
  },
  'v1-split-decided-at-once': {
    plan: plan('Check', { Check: { k: 'split', no: 'Wait' }, Wait: { k: 'wait', t: { for: day } } }),
    answers: { decide: branch('no'), finish: () => ({ is: 'ended' }) },
    drive: ({ sleep }) => sleep(2 * day),
  },
  'v1-second-of-several-branches': {
    plan: plan('Check', {
      Check: { k: 'multi', t: { for: day }, to: ['Mail', 'Text', null], else: 'Push' },
      Mail: { k: 'email' },
      Text: { k: 'sms' },
      Push: { k: 'push' },
    }),
    answers: { decide: branch('branch 2'), sendSms: sent },
    drive: ({ sleep }) => sleep(2 * day),
  },
  'v1-branch-that-leads-nowhere': {
    plan: plan('Check', { Check: { k: 'multi', to: [null], else: 'Push' }, Push: { k: 'push' } }),
    answers: { decide: branch('branch 1') },
    drive: ({ sleep }) => sleep(hour),
  },
  'v1-lots-on-the-way': {
    plan: plan('Mail', {
      Mail: { k: 'email', next: 'Keep' },
      Keep: { k: 'holdout', share: 0, next: 'Wait' },
      Wait: { k: 'wait', t: { for: day }, next: 'Pick' },
      Pick: { k: 'random', share: [50, 50], to: ['Call', 'Call'] },
      Call: { k: 'contactCenter', next: 'Text' },
      Text: { k: 'sms', next: 'Leave' },
      Leave: { k: 'holdout', share: 100, next: 'Push' },
      Push: { k: 'push' },
    }),
    answers: { sendEmail: sent, sendSms: sent, finish: () => ({ is: 'ended' }) },
    drive: ({ sleep }) => sleep(2 * day),
  },
  'v1-only-lots': {
    plan: plan('Pick', { Pick: { k: 'random', share: [1, 99], to: [null, null] } }),
    answers: { finish: () => ({ is: 'ended' }) },
    drive: ({ sleep }) => sleep(hour),
  },
  'v1-lot-before-a-split': {
    plan: plan('Pick', {
      Pick: { k: 'random', share: [50, 50], to: ['Check', 'Check'] },
      Check: { k: 'split', yes: 'Push' },
      Push: { k: 'push' },
    }),
    answers: { decide: branch('yes'), sendPush: sent },
    drive: ({ sleep }) => sleep(hour),
  },
  'v1-ended-from-outside': {
    plan: tutorial,
    answers: { sendEmail: sent, decide: () => ({ is: 'ended' }) },
    drive: async ({ sleep, handle }) => {
      await sleep(day);
      await handle.signal(wake);
      await sleep(hour);
    },
  },
  'v1-custom-channel': {
    plan: plan('Hook', {
      Hook: { k: 'custom', next: 'Wait' },
      Wait: { k: 'wait', t: { for: hour }, next: 'Check' },
      Check: { k: 'split', yes: 'Again' },
      Again: { k: 'custom' },
    }),
    answers: {
      callCustomChannel: inTurn<MessageAnswer>(
        (_, elapsed) => ({ is: 'wait', until: elapsed + hour }),
        sent,
        skipped,
      ),
      decide: branch('yes'),
    },
    drive: ({ sleep }) => sleep(5 * hour),
  },
};
