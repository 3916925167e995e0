import {
  type Activity,
  CreateJourneyCommand,
  CreateSegmentCommand,
  PutEventsCommand,
  type SimpleCondition,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJourneyActivities } from '../../src/activities/journey/createJourneyActivities.ts';
import type { SplitAnswer } from '../../src/activities/journey/journeyActivities.ts';
import { drainDirtyEndpoints } from '../../src/ingest/entering/journeyMembership.ts';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';

const start = Date.parse('2030-01-01T00:00:00Z');
const hour = 3_600_000;
/** The split stays open for so many hours. */
const openHours = 6;

let now = start;
const database = useDatabase();
const api = useApi(database, { deps: { clock: { now: async () => new Date(now) } } });

/** What a condition asks: an event of the type, or with `member` whether the person's Plan is premium. */
type Asked = 'a' | 'b' | 'not a' | 'member' | 'stranger';
interface Split {
  readonly kind: 'ALL' | 'ANY' | 'MultiCondition';
  readonly asked: readonly Asked[];
}

/** An event as it is delivered: in which hour after the entry, with which number of its own, and how long ago it is said to have been. */
interface Delivery {
  readonly at: number;
  readonly number: number;
  readonly type: 'a' | 'b' | 'c';
  readonly said: number;
}

const split: fc.Arbitrary<Split> = fc.record({
  kind: fc.constantFrom('ALL', 'ANY', 'MultiCondition'),
  asked: fc.array(fc.constantFrom<Asked>('a', 'b', 'not a', 'member', 'stranger'), {
    minLength: 1,
    maxLength: 3,
  }),
});

const event = fc.record({
  at: fc.integer({ min: 0, max: openHours + 1 }),
  type: fc.constantFrom('a', 'b', 'c'),
  said: fc.integer({ min: -100, max: 100 }),
});

/** Unique events, and which of them come again how many hours later. */
const stream = fc
  .tuple(
    fc.array(event, { maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 3 })), { maxLength: 4 }),
  )
  .map(([events, again]) => {
    const unique = events.map((one, number): Delivery => ({ ...one, number }));
    const repeats = again.flatMap(([index, later]) => {
      const one = unique[index];
      return one ? [{ ...one, at: one.at + later }] : [];
    });
    return { unique, deliveries: [...unique, ...repeats] };
  })
  .chain(({ unique, deliveries }) =>
    fc
      .shuffledSubarray(deliveries, { minLength: deliveries.length })
      .map((shuffled) => ({ unique, deliveries: shuffled })),
  );

/** Hours at which somebody asks although nothing has happened. */
const idleQuestions = fc.array(fc.integer({ min: 0, max: openHours }), { maxLength: 3 });

/** The rule in its simplest form: asked of the sorted unique stream hour by hour, with nothing remembered. */
function expected({ kind, asked }: Split, unique: readonly Delivery[]): { branch: string; hour: number } {
  for (let at = 0; at < openHours; at += 1) {
    const early = branchOf(kind, asked, unique, at, false);
    if (early !== null) return { branch: early, hour: at };
  }
  return { branch: branchOf(kind, asked, unique, openHours, true) ?? '', hour: openHours };
}

function branchOf(
  kind: Split['kind'],
  asked: readonly Asked[],
  unique: readonly Delivery[],
  at: number,
  isOver: boolean,
): string | null {
  const came = (fits: (one: Delivery) => boolean) => unique.some((one) => one.at <= at && fits(one));
  const holds = asked.map((one): boolean | null => {
    if (one === 'member' || one === 'stranger') return isOver ? one === 'member' : null;
    return came(({ type }) => (one === 'not a' ? type !== 'a' : type === one)) || (isOver ? false : null);
  });
  if (kind === 'ALL') return holds.every((one) => one === true) ? 'yes' : isOver ? 'no' : null;
  if (kind === 'ANY') return holds.includes(true) ? 'yes' : isOver ? 'no' : null;
  const first = holds.findIndex((one) => one !== false);
  if (first === -1) return 'else';
  return holds[first] === null ? null : `branch ${first + 1}`;
}

function conditionOf(asked: Asked): SimpleCondition {
  if (asked === 'member' || asked === 'stranger') {
    const Values = [asked === 'member' ? 'premium' : 'nobody'];
    return { SegmentDimensions: { Attributes: { Plan: { AttributeType: 'INCLUSIVE', Values } } } };
  }
  const DimensionType = asked === 'not a' ? 'EXCLUSIVE' : 'INCLUSIVE';
  const Values = [asked === 'not a' ? 'a' : asked];
  return { EventCondition: { Dimensions: { EventType: { DimensionType, Values } } } };
}

function activityOf({ kind, asked }: Split): Activity {
  const EvaluationWaitTime = { WaitFor: `PT${openHours}H` };
  const conditions = asked.map(conditionOf);
  if (kind === 'MultiCondition') {
    const Branches = conditions.map((Condition) => ({ Condition }));
    return { MultiCondition: { Branches, EvaluationWaitTime } };
  }
  return { ConditionalSplit: { Condition: { Operator: kind, Conditions: conditions }, EvaluationWaitTime } };
}

/** Has one person enter a journey of this split alone. Answers the application and the entry. */
async function enter(asked: Split): Promise<{ appId: string; entryId: string }> {
  const ApplicationId = await createApp(api.client);
  const segment = await api.client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all', Dimensions: {} } }),
  );
  const journey = {
    Name: 'J',
    State: 'ACTIVE' as const,
    StartActivity: 'Check',
    StartCondition: { SegmentStartCondition: { SegmentId: segment.SegmentResponse?.Id ?? '' } },
    Activities: { Check: activityOf(asked) },
  };
  await api.client.send(new CreateJourneyCommand({ ApplicationId, WriteJourneyRequest: journey }));
  await api.client.send(
    new UpdateEndpointCommand({
      ApplicationId,
      EndpointId: 'someone',
      EndpointRequest: {
        ChannelType: 'EMAIL',
        Address: 'someone@example.com',
        Attributes: { Plan: ['premium'] },
      },
    }),
  );
  await drainDirtyEndpoints(api.deps);
  const entry = await database.db
    .selectFrom('journey_entry')
    .select('id')
    .where('app_id', '=', ApplicationId)
    .executeTakeFirstOrThrow();
  return { appId: ApplicationId, entryId: entry.id };
}

async function deliver(ApplicationId: string, { number, type, said }: Delivery): Promise<void> {
  const Timestamp = new Date(start + said * hour).toISOString();
  const BatchItem = {
    someone: { Endpoint: {}, Events: { [`event${number}`]: { EventType: type, Timestamp } } },
  };
  await api.client.send(new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem } }));
}

async function takeWakes(appId: string): Promise<number> {
  const rows = await database.db
    .deleteFrom('outbox')
    .where('app_id', '=', appId)
    .where('kind', '=', 'wake')
    .where('not_before', '<=', new Date(now))
    .returning('id')
    .execute();
  return rows.length;
}

/** The workflow's part: it asks when it is woken, when somebody asks for nothing, and when the time is over. */
async function play(asked: Split, deliveries: readonly Delivery[], idle: readonly number[]) {
  now = start;
  const { appId, entryId } = await enter(asked);
  const { decide } = createJourneyActivities(api.deps);
  for (let at = 0; at <= openHours; at += 1) {
    now = start + at * hour;
    for (const delivery of deliveries.filter((one) => one.at === at)) await deliver(appId, delivery);
    const woken = (await takeWakes(appId)) > 0;
    if (!woken && !idle.includes(at) && at < openHours) continue;
    const input = { appId, entryId, step: 'Check', since: start, waits: [], now };
    const answer: SplitAnswer = await decide({ ...input, evaluation: { for: openHours * hour }, last: [] });
    if (answer.is === 'branch') return { branch: answer.branch, hour: at };
    expect(answer).toEqual({ is: 'wait', until: start + openHours * hour });
  }
  throw new Error('was not decided when its time was over');
}

it('takes the branch of the sorted unique stream, and at the hour it is settled, however events come', async () => {
  await fc.assert(
    fc.asyncProperty(split, stream, idleQuestions, async (asked, { unique, deliveries }, idle) => {
      expect(await play(asked, deliveries, idle)).toEqual(expected(asked, unique));
    }),
    { numRuns: 50 },
  );
}, 120_000);
