import fc from 'fast-check';
import { newTimeId } from '../../src/db/ids.ts';
import { compile } from '../../src/domain/journey/compile.ts';
import type { JourneyDocument } from '../../src/domain/journey/document.ts';
import { isPassing, passStep } from '../../src/domain/journey/pass.ts';
import { type Branch, branchesOf } from '../../src/domain/journey/plan.ts';

const opened = {
  EventCondition: { Dimensions: { EventType: { DimensionType: 'INCLUSIVE' as const, Values: ['seen'] } } },
};

const oneDay = { WaitFor: 'P1D' };

export const document = {
  Name: 'Counted',
  StartActivity: 'Lot',
  Activities: {
    Lot: {
      RandomSplit: {
        Branches: [
          { Percentage: 50, NextActivity: 'Rest1' },
          { Percentage: 50, NextActivity: 'Rest2' },
        ],
      },
    },
    Rest1: { Wait: { WaitTime: oneDay, NextActivity: 'Keep' } },
    Rest2: { Wait: { WaitTime: oneDay, NextActivity: 'Keep' } },
    Keep: { Holdout: { Percentage: 30, NextActivity: 'Mail' } },
    Mail: { EMAIL: { TemplateName: 'mail', NextActivity: 'Rest3' } },
    Rest3: { Wait: { WaitTime: oneDay, NextActivity: 'Ask' } },
    Ask: {
      ConditionalSplit: {
        Condition: { Conditions: [opened], Operator: 'ALL' as const },
        EvaluationWaitTime: oneDay,
        TrueActivity: 'Choose',
        FalseActivity: 'Text',
      },
    },
    Choose: {
      MultiCondition: {
        Branches: [
          { Condition: opened, NextActivity: 'Text' },
          { Condition: opened, NextActivity: 'Text' },
        ],
        EvaluationWaitTime: oneDay,
      },
    },
    Text: { SMS: { TemplateName: 'text' } },
  },
};

const plan = compile(document as JourneyDocument, 1);

/** What somebody does in the journey: how many steps that act they have done, and what each came to. */
interface Person {
  readonly acted: number;
  readonly mail: string;
  readonly ask: 'yes' | 'no';
  readonly choose: 'branch 1' | 'branch 2' | 'else';
  readonly cancelled: boolean;
  readonly run: 0 | 1;
}

interface Row {
  readonly step: string;
  readonly kind: string;
  readonly decision: string;
  readonly reason: string | null;
}

/** The passage of a person as the engine records it, and the waits they are in. */
export interface Passage {
  readonly id: string;
  readonly run: 0 | 1;
  readonly rows: readonly Row[];
  readonly position: string | null;
  readonly waits: readonly string[];
  readonly end: string | null;
}

export function travel(person: Person): Passage {
  const id = newTimeId(new Date());
  const rows: Row[] = [];
  let pending: Row[] = [];
  let position: string | null = null;
  let left = person.acted;
  for (let step: string | undefined = plan.start; step !== undefined; ) {
    const planStep = plan.steps[step];
    if (planStep === undefined) throw new Error(`no step ${step}`);
    if (isPassing(planStep)) {
      const { passed, next } = passStep(id, step, planStep, 0);
      const decision =
        'k' in passed
          ? passed.k === 'random'
            ? `branch ${passed.branch + 1}`
            : passed.k === 'holdout' && passed.held
              ? 'held out'
              : 'passed'
          : 'passed';
      pending.push({ step, kind: planStep.k, decision, reason: null });
      step = next;
      continue;
    }
    if (left === 0) {
      const waits = pending.filter((row) => row.kind === 'wait').map((row) => row.step);
      return { id, run: person.run, rows, position, waits, end: person.cancelled ? 'CANCELLED' : null };
    }
    left -= 1;
    const decision = { email: person.mail, sms: 'sent', split: person.ask, multi: person.choose }[
      planStep.k as 'email'
    ];
    const reason = decision === 'skipped' ? 'DAILY_CAP, QUIET_TIME' : null;
    rows.push(...pending, { step, kind: planStep.k, decision, reason });
    pending = [];
    position = step;
    const branches = branchesOf(planStep);
    step = branches.get(branches.has('on') ? 'on' : (decision as Branch));
  }
  return { id, run: person.run, rows: [...rows, ...pending], position, waits: [], end: 'COMPLETED' };
}

/** Counts by looking at everybody, one after the other. */
export function naive(passages: readonly Passage[]) {
  const at = (step: string, ...decisions: string[]) =>
    passages.filter(({ rows }) => rows.some((row) => row.step === step && decisions.includes(row.decision)))
      .length;
  const waiting = (step: string) =>
    passages.filter(({ waits, end }) => end === null && waits.includes(step)).length;
  const wait = (step: string) => ({
    WAIT_STARTED: at(step, 'passed') + waiting(step),
    WAIT_FINISHED: at(step, 'passed'),
    WAIT_SKIPPED: 0,
  });
  const optional = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  const branches = (step: string) =>
    optional({
      Branch_1: at(step, 'branch 1'),
      Branch_2: at(step, 'branch 2'),
      Branch_ELSE: at(step, 'else'),
    });
  const ended = (wanted: (end: string | null) => boolean) => passages.filter(({ end }) => wanted(end)).length;
  return {
    journey: {
      ENDPOINT_ENTERED: passages.length,
      ENDPOINT_ACTIVE: ended((end) => end === null),
      ENDPOINT_LEFT: ended((end) => end === 'COMPLETED'),
      CANCELLED: ended((end) => end === 'CANCELLED'),
    },
    activities: {
      Lot: { type: 'RANDOM_SPLIT', metrics: branches('Lot') },
      Rest1: { type: 'WAIT', metrics: wait('Rest1') },
      Rest3: { type: 'WAIT', metrics: wait('Rest3') },
      Keep: { type: 'HOLDOUT', metrics: { HOLDOUT: at('Keep', 'held out'), PASSED: at('Keep', 'passed') } },
      Mail: {
        type: 'EMAIL',
        metrics: {
          SUCCESS: at('Mail', 'sent'),
          ...optional({
            FAILURE_PERMANENT: at('Mail', 'failed'),
            UNKNOWN: at('Mail', 'unknown'),
            DAILY_CAP_EXCEEDED: at('Mail', 'skipped'),
          }),
        },
      },
      Ask: {
        type: 'CONDITIONAL_SPLIT',
        metrics: { Branch_TRUE: at('Ask', 'yes'), Branch_FALSE: at('Ask', 'no') },
      },
      Choose: { type: 'MULTI_CONDITIONAL_SPLIT', metrics: branches('Choose') },
      Text: { type: 'SMS', metrics: { SUCCESS: at('Text', 'sent') } },
    },
  };
}

export const person: fc.Arbitrary<Person> = fc.record({
  acted: fc.nat(4),
  mail: fc.constantFrom('sent', 'failed', 'unknown', 'skipped'),
  ask: fc.constantFrom('yes', 'no'),
  choose: fc.constantFrom('branch 1', 'branch 2', 'else'),
  cancelled: fc.boolean(),
  run: fc.constantFrom(0, 1),
});
