import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { type Priority, TypedSearchAttributes } from '@temporalio/common';
import type { Carried } from '../db/outbox/carried.ts';
import type { OutboxRow } from '../db/outbox/outbox.ts';
import type { OutboxItem } from '../db/outbox/outboxLease.ts';
import { workflowIdOf } from '../db/outbox/workflowIds.ts';
import type { StartRow } from '../db/outbox/workflowStarts.ts';
import type { Deps } from '../deps.ts';
import { eraseWrittenBeside } from '../ingest/endpoints/erase.ts';
import { catchUpWatches } from '../ingest/events/catchUpWatches.ts';
import type { JourneyInput } from '../workflows/journey.ts';
import { searchAttributes } from './searchAttributes.ts';
import { isWorkflowGone } from './temporalErrors.ts';
import { temporalId, temporalWorkflowId } from './temporalIds.ts';
import { workflowCondition } from './workflowCondition.ts';

const { ALLOW_DUPLICATE, REJECT_DUPLICATE } = WorkflowIdReusePolicy;

export interface Delivered {
  /** The entry's workflow exists now, so wakes may follow. */
  readonly confirmsStart: boolean;
}

/** `carried`: the open entry that the row is about; undefined for one that was erased, or ended before it began. */
type Deliver = (
  deps: Deps,
  temporal: Client,
  row: OutboxItem,
  carried: Carried | undefined,
) => Promise<Delivered>;

/** What each kind of row does at Temporal. */
export const deliveries: { readonly [K in OutboxRow['kind']]: Deliver } = {
  enter: startJourney,
  start: startOther,
  wake: wakeJourney,
  signal: signalOther,
  delete: deleteExecution,
  erase: eraseAgain,
};

async function startJourney(
  deps: Deps,
  temporal: Client,
  _: OutboxItem,
  carried: Carried | undefined,
): Promise<Delivered> {
  if (!carried) return { confirmsStart: false };
  await startOnce(deps, temporal, journeyStart(deps, carried));
  if (carried.isWatched) await catchUpWatches(deps.db, carried.entry, await deps.clock.now());
  return { confirmsStart: true };
}

/**
 * An entry whose start is not confirmed is started and woken by one call, so that a wake never waits for a start that is
 * still behind it in the outbox, nor is lost because it came first. So is one whose workflow Temporal has lost; a workflow
 * that an operator has ended stays so.
 */
async function wakeJourney(
  deps: Deps,
  temporal: Client,
  row: OutboxItem,
  carried: Carried | undefined,
): Promise<Delivered> {
  const wasStarted = !carried || carried.entry.start_confirmed_at !== null;
  if (wasStarted && (await reaches(deps, temporal, row, 'wake'))) return { confirmsStart: false };
  if (!carried || (wasStarted && !(await isLost(deps, temporal, row)))) return { confirmsStart: false };
  await startOnce(deps, temporal, journeyStart(deps, carried), 'wake');
  return { confirmsStart: true };
}

function journeyStart(deps: Deps, { entry, journey }: Carried): Start {
  const input: JourneyInput = {
    appId: entry.app_id,
    entryId: entry.id,
    enteredAt: entry.entered_at.getTime(),
    plan: journey.plan,
  };
  return {
    type: 'journey',
    workflowId: temporalWorkflowId(deps.config, workflowIdOf('journey', entry)),
    input,
    summary: journey.name,
    attributes: {
      app: entry.app_id,
      journey: entry.journey_id,
      endpoint: temporalId(deps.config, entry.endpoint_id),
      user: entry.user_id && temporalId(deps.config, entry.user_id),
    },
  };
}

async function startOther(deps: Deps, temporal: Client, row: OutboxItem): Promise<Delivered> {
  const { workflowType, input, summary, again } = row.payload as Pick<
    StartRow,
    'workflowType' | 'input' | 'summary' | 'again'
  >;
  await startOnce(deps, temporal, {
    type: workflowType,
    workflowId: row.workflow_id,
    input,
    summary,
    attributes: { app: row.app_id },
    priority: FIRST,
    again,
  });
  return { confirmsStart: false };
}

type Attributes = { readonly [K in keyof typeof searchAttributes]?: string | null };

/** What owns a journey, a campaign or an import goes before the participants, of whom there may be thousands in the queue. */
const FIRST = { priorityKey: 1 };

interface Start {
  readonly type: string;
  readonly workflowId: string;
  readonly input: object;
  readonly summary: string;
  readonly attributes: Attributes;
  readonly priority?: Priority;
  /** True: also where one under this id is over. */
  readonly again?: boolean | undefined;
}

/** Starts a workflow under its deterministic id, with a signal where one is named; that it runs or has run already is what was wanted. */
async function startOnce(deps: Deps, temporal: Client, start: Start, signalName?: string): Promise<void> {
  const options = {
    workflowId: start.workflowId,
    workflowIdReusePolicy: start.again ? ALLOW_DUPLICATE : REJECT_DUPLICATE,
    taskQueue: deps.config.REPOINT_TASK_QUEUE,
    args: [start.input],
    staticSummary: start.summary,
    typedSearchAttributes: typed(start.attributes),
    ...(start.priority && { priority: start.priority }),
  };
  try {
    if (signalName === undefined) await temporal.workflow.start(start.type, options);
    else await temporal.workflow.signalWithStart(start.type, { ...options, signal: signalName });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function typed(attributes: Attributes): TypedSearchAttributes {
  const names = Object.keys(searchAttributes) as (keyof typeof searchAttributes)[];
  return new TypedSearchAttributes(
    names.flatMap((name) => {
      const value = attributes[name];
      return value === null || value === undefined ? [] : [{ key: searchAttributes[name], value }];
    }),
  );
}

/** A workflow that is closed, or gone, needs no signal any more. */
async function signalOther(deps: Deps, temporal: Client, row: OutboxItem): Promise<Delivered> {
  await reaches(deps, temporal, row, String(row.payload.signal));
  return { confirmsStart: false };
}

/** Signals a workflow; false where it is closed or gone. */
async function reaches(deps: Deps, temporal: Client, row: OutboxItem, name: string): Promise<boolean> {
  try {
    await temporal.workflow.getHandle(temporalWorkflowId(deps.config, row.workflow_id)).signal(name);
    return true;
  } catch (error) {
    if (!isWorkflowGone(error)) throw error;
    return false;
  }
}

async function isLost(deps: Deps, temporal: Client, row: OutboxItem): Promise<boolean> {
  return (await workflowCondition(deps, temporal, row.workflow_id))?.is === 'gone';
}

async function deleteExecution(deps: Deps, temporal: Client, row: OutboxItem): Promise<Delivered> {
  try {
    const { namespace } = temporal.options;
    await temporal.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: temporalWorkflowId(deps.config, row.workflow_id) },
    });
  } catch (error) {
    if (!isWorkflowGone(error)) throw error;
  }
  return { confirmsStart: false };
}

async function eraseAgain(deps: Deps, _: Client, row: OutboxItem): Promise<Delivered> {
  await deps.db
    .transaction()
    .execute((tx) => eraseWrittenBeside(tx, row.app_id, String(row.payload.endpointId)));
  return { confirmsStart: false };
}
