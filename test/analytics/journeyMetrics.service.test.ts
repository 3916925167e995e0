import {
  CreateAppCommand,
  CreateJourneyCommand,
  CreateSegmentCommand,
  GetJourneyExecutionActivityMetricsCommand,
  GetJourneyExecutionMetricsCommand,
  GetJourneyRunExecutionActivityMetricsCommand,
  GetJourneyRunExecutionMetricsCommand,
  NotFoundException,
} from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { countForRun, insertRun } from '../../src/db/journeyRuns.ts';
import { compile } from '../../src/domain/journey/compile.ts';
import type { JourneyDocument } from '../../src/domain/journey/document.ts';
import { isPassing, passStep } from '../../src/domain/journey/pass.ts';
import { type Branch, branchesOf } from '../../src/domain/journey/plan.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';

const opened = {
  EventCondition: { Dimensions: { EventType: { DimensionType: 'INCLUSIVE' as const, Values: ['seen'] } } },
};
const oneDay = { WaitFor: 'P1D' };
const document = {
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

let database: TestDatabase;
let api: TestApi;
let appId: string;
beforeAll(async () => {
  database = await cloneDatabase();
  api = await startTestApi(database);
  const app = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'metrics' } }));
  appId = app.ApplicationResponse?.Id ?? '';
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

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
interface Passage {
  readonly id: string;
  readonly run: 0 | 1;
  readonly rows: readonly Row[];
  readonly position: string | null;
  readonly waits: readonly string[];
  readonly end: string | null;
}

function travel(person: Person): Passage {
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
function naive(passages: readonly Passage[]) {
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

const person: fc.Arbitrary<Person> = fc.record({
  acted: fc.nat(4),
  mail: fc.constantFrom('sent', 'failed', 'unknown', 'skipped'),
  ask: fc.constantFrom('yes', 'no'),
  choose: fc.constantFrom('branch 1', 'branch 2', 'else'),
  cancelled: fc.boolean(),
  run: fc.constantFrom(0, 1),
});

/** A published journey with two runs. */
async function publish(): Promise<{ journeyId: string; runs: readonly [string, string] }> {
  const segment = await api.client.send(
    new CreateSegmentCommand({
      ApplicationId: appId,
      WriteSegmentRequest: { Name: 'all', Dimensions: { Attributes: { Nobody: { Values: ['-'] } } } },
    }),
  );
  const SegmentId = segment.SegmentResponse?.Id;
  const created = await api.client.send(
    new CreateJourneyCommand({
      ApplicationId: appId,
      WriteJourneyRequest: {
        ...document,
        State: 'ACTIVE',
        StartCondition: { SegmentStartCondition: { SegmentId } },
      } as never,
    }),
  );
  const journeyId = created.JourneyResponse?.Id ?? '';
  const now = new Date();
  const runs = await database.db.transaction().execute(async (tx) => {
    for (const no of [0, 1])
      await insertRun(tx, { appId, journeyId, no, pass: 0, segmentVersion: 1, startedAt: now }, now);
    return await tx
      .selectFrom('journey_run')
      .select('id')
      .where('journey_id', '=', journeyId)
      .orderBy('no')
      .execute();
  });
  return { journeyId, runs: [runs[0]?.id ?? '', runs[1]?.id ?? ''] };
}

async function store(journeyId: string, runId: string, passage: Passage): Promise<void> {
  const now = new Date();
  const { id, position, end, rows } = passage;
  const participant = `u:${id}`;
  const ended_at = end === null ? null : now;
  const entry = { app_id: appId, id, journey_id: journeyId, endpoint_id: id, participant, cause: 'match:1' };
  await database.db
    .insertInto('journey_entry')
    .values({ ...entry, run_id: runId, entered_at: now, position, ended_at, end_reason: end })
    .execute();
  for (const row of rows)
    await database.db
      .insertInto('journey_step')
      .values({ ...row, app_id: appId, entry_id: id, at: now })
      .execute();
}

function numbers(metrics: Record<string, string> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
}

async function journeyMetrics(JourneyId: string, RunId?: string) {
  const input = { ApplicationId: appId, JourneyId };
  if (RunId === undefined) {
    const answer = await api.client.send(new GetJourneyExecutionMetricsCommand(input));
    return numbers(answer.JourneyExecutionMetricsResponse?.Metrics);
  }
  const answer = await api.client.send(new GetJourneyRunExecutionMetricsCommand({ ...input, RunId }));
  return numbers(answer.JourneyRunExecutionMetricsResponse?.Metrics);
}

async function activityMetrics(JourneyId: string, JourneyActivityId: string, RunId?: string) {
  const input = { ApplicationId: appId, JourneyId, JourneyActivityId };
  const response =
    RunId === undefined
      ? (await api.client.send(new GetJourneyExecutionActivityMetricsCommand(input)))
          .JourneyExecutionActivityMetricsResponse
      : (await api.client.send(new GetJourneyRunExecutionActivityMetricsCommand({ ...input, RunId })))
          .JourneyRunExecutionActivityMetricsResponse;
  return { type: response?.ActivityType, metrics: numbers(response?.Metrics) };
}

describe('execution metrics', () => {
  it('agree with a count of everybody, of the journey and of each of its runs', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { maxLength: 25 }), async (people) => {
        const { journeyId, runs } = await publish();
        const passages = people.map(travel);
        for (const passage of passages) await store(journeyId, runs[passage.run], passage);
        for (const run of [undefined, 0, 1] as const) {
          const expected = naive(passages.filter((passage) => run === undefined || passage.run === run));
          const runId = run === undefined ? undefined : runs[run];
          expect(await journeyMetrics(journeyId, runId)).toEqual(expected.journey);
          for (const [step, metrics] of Object.entries(expected.activities))
            expect(await activityMetrics(journeyId, step, runId)).toEqual(metrics);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('tell who was refused as the runs have counted it, and leave out who only counts as entered', async () => {
    const { journeyId, runs } = await publish();
    const counts = new Map([
      ['ENDPOINT_PRODUCED', 5],
      ['ENDPOINT_OPT_OUT', 4],
      ['ENDPOINT_ENTERED', 1],
    ]);
    await database.db.transaction().execute((tx) => countForRun(tx, appId, runs[0], counts));
    const someone = travel({ acted: 0, mail: 'sent', ask: 'no', choose: 'else', cancelled: false, run: 0 });
    // whatever lot they drew
    const passage = { ...someone, rows: [], end: null };
    await store(journeyId, runs[0], passage);
    await store(journeyId, runs[0], { ...passage, id: newTimeId(new Date()), end: 'ALREADY_ENTERED' });
    const expected = { ENDPOINT_PRODUCED: 5, ENDPOINT_OPT_OUT: 4, ENDPOINT_ENTERED: 1, ENDPOINT_ACTIVE: 1 };
    expect(await journeyMetrics(journeyId, runs[0])).toMatchObject(expected);
    expect(await journeyMetrics(journeyId)).toMatchObject(expected);
    expect(await journeyMetrics(journeyId, runs[1])).toMatchObject({ ENDPOINT_ENTERED: 0 });
  });

  it('answer 404 for a journey, a run and an activity that are not there', async () => {
    const { journeyId } = await publish();
    await expect(journeyMetrics('none')).rejects.toBeInstanceOf(NotFoundException);
    await expect(journeyMetrics(journeyId, 'none')).rejects.toBeInstanceOf(NotFoundException);
    await expect(activityMetrics(journeyId, 'toString')).rejects.toBeInstanceOf(NotFoundException);
  });
});
