import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Condition, EventCondition, JudgingStep } from '../../../src/domain/journey/steps.ts';
import {
  type SplitEvaluation,
  settlesEarly,
  type Truth,
  truthOf,
  verdict,
} from '../../../src/domain/journey/verdict.ts';

const guide = readFileSync(new URL('../../../docs/journeys.md', import.meta.url), 'utf8');

/** The rows of the table of the guide whose header begins so, without header and rule. */
function tableOf(header: string): string[][] {
  const [, from = ''] = guide.split(`| ${header} |`);
  const [table = ''] = from.split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const event: EventCondition = { eventTypes: ['a'], dimensionType: 'INCLUSIVE', attributes: {}, metrics: {} };
const conditions: Readonly<Record<string, Condition>> = {
  event: { kind: 'event', event },
  segment: { kind: 'segment', segmentId: 's' },
  dimensions: { kind: 'dimensions', dimensions: {} },
};

function splitOf(kind: string, asked: readonly string[]): JudgingStep {
  const all = asked.map((name) => conditions[name] as Condition);
  const evaluation = { WaitFor: 'P1D' };
  if (kind === 'MultiCondition')
    return { kind: 'multi', conditions: all, targets: all.map(() => undefined), evaluation };
  return { kind: 'split', conditions: all, operator: kind as 'ALL' | 'ANY', evaluation };
}

describe('a condition', () => {
  const rows = tableOf('condition | while the evaluation time runs');

  it('has a row in the guide for each kind, holding and not', () => {
    expect(rows).toHaveLength(6);
  });

  it.each(rows)('%s: %s while its time runs, %s with at-end, %s when it is over', (named, ...expected) => {
    const [kind = '', state = ''] = named?.split(', ') ?? [];
    const holds = !state.includes('not');
    const truth = (evaluation: SplitEvaluation, isOver: boolean) =>
      truthOf(kind as Condition['kind'], holds, { evaluation, isOver });
    expect([truth('event', false), truth('at-end', false), truth('event', true)]).toEqual(expected);
    expect(truth('at-end', true)).toBe(truth('event', true));
  });
});

describe('a verdict', () => {
  const rows = tableOf('first | second');

  it('has a row in the guide for every combination', () => {
    expect(new Set(rows.map(([first, second]) => `${first} ${second}`)).size).toBe(9);
  });

  it.each(rows)(
    'on %s and %s is %s for ALL, %s for ANY, %s for MultiCondition',
    (first, second, ...expected) => {
      const truths = [first, second] as Truth[];
      const verdicts = ['ALL', 'ANY', 'MultiCondition'].map((kind) =>
        verdict(splitOf(kind, ['event', 'event']), truths),
      );
      expect(verdicts).toEqual(expected);
    },
  );

  it('takes the first of four branches that holds, and waits for those before it', () => {
    const step = splitOf('MultiCondition', ['event', 'event', 'event', 'event']);
    expect(verdict(step, ['no', 'no', 'yes', 'yes'])).toBe('branch 3');
    expect(verdict(step, ['no', 'open', 'yes', 'yes'])).toBe('open');
    expect(verdict(step, ['no', 'no', 'no', 'no'])).toBe('else');
  });
});

describe('an event', () => {
  it.each(tableOf('split | first condition'))(
    'for %s of %s and %s settles it early: by the first %s, by the second %s',
    (kind = '', first = '', second = '', ...expected) => {
      const step = splitOf(kind, [first, second]);
      const early = [0, 1].map((index) => (settlesEarly(step, index, 'event') ? 'yes' : 'no'));
      expect(early).toEqual(expected);
      expect([0, 1].some((index) => settlesEarly(step, index, 'at-end'))).toBe(false);
    },
  );

  it('settles nothing early where a split is judged the moment it is reached', () => {
    const { evaluation: _, ...step } = splitOf('ANY', ['event']);
    expect(settlesEarly(step as JudgingStep, 0, 'event')).toBe(false);
  });
});
