import {
  CreateJourneyCommand,
  CreateSegmentCommand,
  GetJourneyExecutionActivityMetricsCommand,
  GetJourneyExecutionMetricsCommand,
  GetJourneyRunExecutionActivityMetricsCommand,
  GetJourneyRunExecutionMetricsCommand,
  NotFoundException,
} from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { countForRun, insertRun } from '../../src/db/journeys/journeyRuns.ts';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { document, naive, type Passage, person, travel } from './countedJourney.ts';

let appId: string;

const database = useDatabase();

const api = useApi(database);

beforeAll(async () => {
  appId = await createApp(api.client);
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
