import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJourney } from '../../../src/contract/journey/journey.ts';
import { RepointError } from '../../../src/domain/errors.ts';
import { compile, targetsOf } from '../../../src/domain/journey/compile.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'constructor', '__proto__', 'toString', '');
const duration = fc.constantFrom('P1D', '3d', '12h', 'PT30M', 'P1M', 'soon', '');
const time = fc.record(
  { WaitFor: duration, WaitUntil: fc.constantFrom('2026-05-01', 'x') },
  { requiredKeys: [] },
);
const message = fc.record(
  { TemplateName: fc.constantFrom('t', ''), NextActivity: id, MessageConfig: fc.jsonValue() },
  { requiredKeys: [] },
);
const condition = fc.record({
  EventCondition: fc.record(
    {
      MessageActivity: id,
      Dimensions: fc.record({
        EventType: fc.record({ Values: fc.array(fc.constantFrom('email.open', 'x')) }),
      }),
    },
    { requiredKeys: [] },
  ),
});
const activity = fc.oneof(
  fc.record(
    {
      EMAIL: message,
      Wait: fc.record({ WaitTime: time, NextActivity: id }),
      NextActivity: id,
    },
    { requiredKeys: [] },
  ),
  fc.record({ PUSH: message }),
  fc.record({ EMAIL: fc.record({ TemplateName: fc.constant('t'), NextActivity: id }) }),
  fc.record({
    ConditionalSplit: fc.record(
      {
        Condition: fc.record({ Conditions: fc.array(condition, { maxLength: 2 }) }),
        EvaluationWaitTime: time,
        TrueActivity: id,
        FalseActivity: id,
      },
      { requiredKeys: [] },
    ),
  }),
  fc.jsonValue(),
);
const journey = fc.record({
  Name: fc.constantFrom('J', 'K'),
  State: fc.constantFrom('ACTIVE', 'DRAFT'),
  StartCondition: fc.constant({ SegmentStartCondition: { SegmentId: 's' } }),
  Activities: fc.dictionary(id, activity, { maxKeys: 6 }),
  StartActivity: fc.option(id, { nil: undefined }),
});

const names = ['a', 'constructor', 'c', '__proto__', 'e'];

/** A step of a journey that only goes forward: to a later step, or to one that does not exist. */
function forwardActivity(index: number) {
  const target = fc.constantFrom(...names.slice(index + 1), 'nowhere');
  const wait = fc.record({ WaitFor: fc.constantFrom('P1D', '3d', 'PT30M') });
  const step = fc.record(
    { TemplateName: fc.constant('t'), NextActivity: target },
    { requiredKeys: ['TemplateName'] },
  );
  return fc.oneof(
    fc.record({ EMAIL: step }),
    fc.record({ SMS: step }),
    fc.record({ Wait: fc.record({ WaitTime: wait }), NextActivity: target }),
    fc.record({
      ConditionalSplit: fc.record(
        {
          Condition: fc.constant({
            Conditions: [{ EventCondition: { Dimensions: { EventType: { Values: ['email.click'] } } } }],
          }),
          EvaluationWaitTime: wait,
          TrueActivity: target,
          FalseActivity: target,
        },
        { requiredKeys: ['Condition'] },
      ),
    }),
    fc.constant({}),
  );
}

const forwardJourney = fc.tuple(...names.map((_, index) => forwardActivity(index))).map((activities) => ({
  Name: 'J',
  State: 'ACTIVE',
  StartCondition: { SegmentStartCondition: { SegmentId: 's' } },
  StartActivity: names[0],
  Activities: Object.fromEntries(names.map((name, index) => [name, activities[index]])),
}));

/** The journey, or undefined where it is refused as a user's fault: anything else fails the test. */
function parsed(request: unknown) {
  try {
    return parseJourney(request);
  } catch (error) {
    if (error instanceof RepointError && error.code === 'BadRequest') return undefined;
    throw error;
  }
}

test('whatever is sent is a journey or a refusal with a path, never a crash', () => {
  fc.assert(fc.property(fc.oneof(journey, fc.jsonValue(), fc.anything()), (request) => void parsed(request)));
});

test('a journey that may be published compiles to a plan whose every target exists, and is its own canonical form', () => {
  let published = 0;
  fc.assert(
    fc.property(forwardJourney, (request) => {
      const result = parsed(request);
      if (result?.state !== 'ACTIVE') return;
      published += 1;
      const plan = compile(result.document, 1);
      expect(Object.hasOwn(plan.steps, plan.start)).toBe(true);
      for (const step of Object.values(plan.steps)) {
        for (const target of targetsOf(step)) expect(Object.hasOwn(plan.steps, target)).toBe(true);
      }
      expect(parsed({ ...result.document, State: 'ACTIVE' })?.document).toEqual(result.document);
    }),
    { numRuns: 500 },
  );

  expect(published).toBeGreaterThan(250);
});
