import { expect, it } from 'vitest';
import { lookAhead } from '../../../src/domain/journey/ahead.ts';
import { PLAN_VERSION, type Plan } from '../../../src/domain/journey/plan.ts';

const plan: Plan = {
  v: PLAN_VERSION,
  start: 'mail',
  steps: {
    mail: { k: 'email', next: 'three' },
    three: { k: 'wait', t: { for: 300 }, next: 'until' },
    until: { k: 'wait', t: { until: 1000 }, next: 'check' },
    check: { k: 'split', t: { for: 100 }, yes: 'push', no: 'one' },
    one: { k: 'wait', t: { for: 1 } },
    push: { k: 'push', next: 'check2' },
    check2: { k: 'split' },
  },
};

it('looks through waits and knows when the split behind them opens and closes', () => {
  expect(lookAhead(plan, 'entry', 'three', 500)).toEqual({
    step: 'check',
    at: 1000,
    wakesAt: 1100,
    isSplit: true,
  });
  expect(lookAhead(plan, 'entry', 'three', 900)).toEqual({
    step: 'check',
    at: 1200,
    wakesAt: 1300,
    isSplit: true,
  });
});

it('finds a split right after a step, decided when it is reached', () => {
  expect(lookAhead(plan, 'entry', 'check2', 7)).toEqual({ step: 'check2', at: 7, wakesAt: 7, isSplit: true });
});

it('stops at a message, at the end and at a step that is not there', () => {
  expect(lookAhead(plan, 'entry', 'push', 5)).toEqual({ step: 'push', at: 5, wakesAt: 5, isSplit: false });
  expect(lookAhead(plan, 'entry', 'one', 5)).toEqual({ step: undefined, at: 6, wakesAt: 6, isSplit: false });
  expect(lookAhead(plan, 'entry', 'gone', 5).step).toBeUndefined();
  expect(lookAhead(plan, 'entry', undefined, 5).step).toBeUndefined();
});
