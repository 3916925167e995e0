import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { readEntry } from '../db/entries.ts';
import type { OutboxRow, WorkflowType } from '../db/outbox.ts';
import type { Deps } from '../deps.ts';
import { compile } from '../domain/journey/compile.ts';
import type { JourneyInput } from '../workflows/journey.ts';
import { searchAttributes } from './searchAttributes.ts';
import { isWorkflowGone } from './temporalErrors.ts';

/** A row of the outbox as the relay reads it. */
export interface OutboxItem {
  readonly id: string;
  readonly kind: OutboxRow['kind'];
  readonly app_id: string;
  readonly entry_id: string | null;
  readonly workflow_id: string;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
}

export interface Delivered {
  /** The entry's workflow exists now, so wakes may follow. */
  readonly confirmsStart: boolean;
}

type Deliver = (deps: Deps, temporal: Client, row: OutboxItem) => Promise<Delivered>;

/** What each kind of row does at Temporal. */
export const deliveries: { readonly [K in OutboxRow['kind']]: Deliver } = {
  enter: startJourney,
  start: startOther,
  wake: (_, temporal, row) => signal(temporal, row, 'wake'),
  signal: (_, temporal, row) => signal(temporal, row, String(row.payload.signal)),
  delete: deleteExecution,
};

async function startJourney(deps: Deps, temporal: Client, row: OutboxItem): Promise<Delivered> {
  const entry = row.entry_id === null ? undefined : await readEntry(deps.db, row.app_id, row.entry_id);
  // erased, or ended before it began
  if (!entry || entry.ended_at !== null) return { confirmsStart: false };
  const journey = await deps.db
    .selectFrom('journey')
    .select(['name', 'document', 'time_scale'])
    .where('app_id', '=', entry.app_id)
    .where('id', '=', entry.journey_id)
    .executeTakeFirstOrThrow();
  const input: JourneyInput = {
    appId: entry.app_id,
    entryId: entry.id,
    enteredAt: entry.entered_at.getTime(),
    plan: compile(journey.document, journey.time_scale),
  };
  await startOnce(deps, temporal, {
    type: 'journey',
    workflowId: row.workflow_id,
    input,
    summary: journey.name,
    attributes: {
      app: entry.app_id,
      journey: entry.journey_id,
      endpoint: entry.endpoint_id,
      user: entry.user_id,
    },
  });
  return { confirmsStart: true };
}

async function startOther(deps: Deps, temporal: Client, row: OutboxItem): Promise<Delivered> {
  const { workflowType, input, summary } = row.payload as {
    workflowType: WorkflowType;
    input: object;
    summary: string;
  };
  await startOnce(deps, temporal, {
    type: workflowType,
    workflowId: row.workflow_id,
    input,
    summary,
    attributes: { app: row.app_id },
  });
  return { confirmsStart: false };
}

type Attributes = { readonly [K in keyof typeof searchAttributes]?: string | null };

interface Start {
  readonly type: string;
  readonly workflowId: string;
  readonly input: object;
  readonly summary: string;
  readonly attributes: Attributes;
}

/** Starts a workflow under its deterministic id; that it runs or has run already is what was wanted. */
async function startOnce(deps: Deps, temporal: Client, start: Start): Promise<void> {
  try {
    await temporal.workflow.start(start.type, {
      workflowId: start.workflowId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      taskQueue: deps.config.REPOINT_TASK_QUEUE,
      args: [start.input],
      staticSummary: start.summary,
      typedSearchAttributes: typed(start.attributes),
    });
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
async function signal(temporal: Client, row: OutboxItem, name: string): Promise<Delivered> {
  try {
    await temporal.workflow.getHandle(row.workflow_id).signal(name);
  } catch (error) {
    if (!isWorkflowGone(error)) throw error;
  }
  return { confirmsStart: false };
}

async function deleteExecution(_: Deps, temporal: Client, row: OutboxItem): Promise<Delivered> {
  try {
    const { namespace } = temporal.options;
    await temporal.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: row.workflow_id },
    });
  } catch (error) {
    if (!isWorkflowGone(error)) throw error;
  }
  return { confirmsStart: false };
}
