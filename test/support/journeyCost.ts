import { temporal } from '@temporalio/proto';
import type { World } from './world.ts';

const { EventType } = temporal.api.enums.v1;

/**
 * What Temporal counts as an action (Temporal Cloud documentation, "Actions"): a start, an attempt of an activity, a
 * timer, a signal, and the local activities of one workflow task together.
 */
const actions = new Set<number>([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_MARKER_RECORDED,
]);

interface Cost {
  readonly actions: number;
  readonly events: number;
  readonly bytes: number;
}

/** What a user's first entry cost, counted from its history. */
export async function costOf(world: World, user: string): Promise<Cost> {
  const id = world.startedWorkflows().find((workflowId) => workflowId.includes(`/${user}-`)) ?? '';
  const history = await world.temporal.workflow.getHandle(id).fetchHistory();
  const events = history.events ?? [];
  return {
    actions: events.filter((event) => actions.has(Number(event.eventType))).length,
    events: events.length,
    bytes: temporal.api.history.v1.History.encode(history).finish().length,
  };
}
