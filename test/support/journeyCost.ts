import proto, { type temporal } from '@temporalio/proto';
import type { World } from './world.ts';

const { EventType } = proto.temporal.api.enums.v1;

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** What a workflow took of Temporal. */
export interface Cost {
  readonly actions: number;
  readonly events: number;
  readonly bytes: number;
  /** Commits of the execution at the server: the unit in which clusters of Temporal are measured. */
  readonly transitions: number;
}

/** Events that are an action each. */
const actions = new Set<number>([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
]);

/** Events that come with a commit of their own; all others ride in one of these. */
const transitions = new Set<number>([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
  EventType.EVENT_TYPE_TIMER_FIRED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
]);

/**
 * What Temporal counts as an action (Temporal Cloud documentation, "Actions"): a start, an attempt of an activity, a
 * timer, a signal, an upsert of search attributes, and the local activities of one workflow task together.
 */
export function countCost(history: History): Cost {
  const events = history.events ?? [];
  const among = (types: ReadonlySet<number>) =>
    events.filter((event) => types.has(Number(event.eventType))).length;
  const retries = events.reduce((sum, event) => sum + retriesOf(event), 0);
  const withLocal = new Set(
    events.flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker ? [String(marker.workflowTaskCompletedEventId)] : [],
    ),
  );
  return {
    actions: among(actions) + retries + withLocal.size,
    events: events.length,
    bytes: proto.temporal.api.history.v1.History.encode(history).finish().length,
    transitions: among(transitions),
  };
}

function retriesOf({ activityTaskStartedEventAttributes: started }: HistoryEvent): number {
  return started ? Math.max(0, (started.attempt ?? 1) - 1) : 0;
}

/** What a person's first entry cost, counted from its history. `name` begins the id of their endpoints. */
export async function costOf(
  world: Pick<World, 'startedWorkflows' | 'temporal'>,
  name: string,
): Promise<Cost> {
  const id = world.startedWorkflows().find((workflowId) => workflowId.includes(`/${name}-`)) ?? '';
  return countCost(await world.temporal.workflow.getHandle(id).fetchHistory());
}
