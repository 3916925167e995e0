import type { Queryable } from '../db/database.ts';
import { countOutcomes, type MetricsScope, type OutcomeCount } from '../db/journeys/journeyMetrics.ts';
import { type JourneyRow, planOf } from '../db/journeys/journeys.ts';
import type { Activity, ActivityKind } from '../domain/journey/document.ts';
import { kindsOf } from '../domain/journey/steps.ts';
import { asText, type Metrics } from './journeyMetrics.ts';
import { countWaiting } from './waiting.ts';

/** What became of those who came to one activity of a journey. */
export interface ActivityMetrics {
  /** Pinpoint's word for the kind; empty for a placeholder. */
  readonly type: string;
  readonly metrics: Metrics;
}

/** How a kind of activity is counted: the names that are always there, and the name of an outcome. */
interface Counting {
  readonly type: string;
  readonly names: readonly string[];
  readonly nameOf: (outcome: OutcomeCount) => string;
}

/** `branch 2` is Pinpoint's Branch_2. What it calls the way of those for whom no branch holds is not documented. */
const branchName = ({ decision }: OutcomeCount) =>
  `Branch_${decision.replace('branch ', '').replace('else', 'ELSE')}`;

const messageNames: Readonly<Record<string, string>> = {
  sent: 'SUCCESS',
  failed: 'FAILURE_PERMANENT',
  unknown: 'UNKNOWN',
};

/** Reasons that Pinpoint counts under names of its own; others are counted as they are called. */
const skipNames: Readonly<Record<string, string>> = {
  DAILY_CAP: 'DAILY_CAP_EXCEEDED',
  NO_ENDPOINT_ON_CHANNEL: 'UNSUPPORTED_CHANNEL',
};

function messageName({ decision, skippedFor }: OutcomeCount): string {
  const reason = skippedFor ?? 'SKIPPED';
  return messageNames[decision] ?? skipNames[reason] ?? reason;
}

const message = (type: string): Counting => ({ type, names: ['SUCCESS'], nameOf: messageName });

const countings: Readonly<Record<ActivityKind, Counting>> = {
  EMAIL: message('EMAIL'),
  SMS: message('SMS'),
  PUSH: message('PUSH'),
  CUSTOM: {
    ...message('CUSTOM'),
    nameOf: (outcome) => (outcome.decision === 'failed' ? 'CUSTOM_DELIVERY_FAILURE' : messageName(outcome)),
  },
  ContactCenter: { type: 'CONTACT_CENTER', names: [], nameOf: messageName },
  Wait: {
    type: 'WAIT',
    names: ['WAIT_STARTED', 'WAIT_FINISHED', 'WAIT_SKIPPED'],
    nameOf: ({ decision }) => (decision === 'skipped' ? 'WAIT_SKIPPED' : 'WAIT_FINISHED'),
  },
  ConditionalSplit: {
    type: 'CONDITIONAL_SPLIT',
    names: ['Branch_TRUE', 'Branch_FALSE'],
    nameOf: ({ decision }) => (decision === 'yes' ? 'Branch_TRUE' : 'Branch_FALSE'),
  },
  MultiCondition: { type: 'MULTI_CONDITIONAL_SPLIT', names: [], nameOf: branchName },
  RandomSplit: { type: 'RANDOM_SPLIT', names: [], nameOf: branchName },
  Holdout: {
    type: 'HOLDOUT',
    names: ['HOLDOUT', 'PASSED'],
    nameOf: ({ decision }) => (decision === 'passed' ? 'PASSED' : 'HOLDOUT'),
  },
};

/**
 * Counts participants by what an activity came to for them, in a journey or one of its runs. A participant with several
 * endpoints is one, whichever of them got the message. A wait has finished when the step behind it has acted.
 */
export async function activityMetrics(
  db: Queryable,
  journey: JourneyRow,
  scope: MetricsScope,
  [step, activity]: readonly [string, Activity],
): Promise<ActivityMetrics> {
  const [kind] = kindsOf(activity);
  if (kind === undefined) return { type: '', metrics: {} };
  const { type, names, nameOf } = countings[kind];
  const counts: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  for (const outcome of await countOutcomes(db, scope, step)) {
    const name = nameOf(outcome);
    counts[name] = (counts[name] ?? 0) + outcome.count;
  }
  if (kind === 'Wait' && journey.published_at !== null)
    counts.WAIT_STARTED =
      (counts.WAIT_FINISHED ?? 0) + (await countWaiting(db, scope, planOf(journey), step));
  return { type, metrics: asText(counts) };
}
