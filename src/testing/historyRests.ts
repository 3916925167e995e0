import type { Client } from '@temporalio/client';
import proto, { type temporal } from '@temporalio/proto';

const { EventType } = proto.temporal.api.enums.v1;

/** After these a workflow waits for time or for somebody: nothing is under way. */
const restingEvents = new Set<number>([
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_TIMER_CANCELED,
  // a local activity's: of one whose participant is parked, nothing follows
  EventType.EVENT_TYPE_MARKER_RECORDED,
]);

/**
 * Whether a workflow is at rest: closed (it is then put into `closed`), waiting, or between two attempts of an
 * activity. Read from the history's last event, so that nothing has to be guessed from timing.
 */
export async function historyRests(
  client: Client,
  workflowId: string,
  closed: Set<string>,
): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  const description = await handle.describe();
  if (description.status.name !== 'RUNNING') {
    closed.add(workflowId);
    return true;
  }
  const [activity] = description.raw.pendingActivities ?? [];
  if (activity && (activity.attempt ?? 1) > 1 && isBetweenAttempts(activity)) return true;
  const { events } = await handle.fetchHistory();
  const last = events?.at(-1)?.eventType;
  return last !== null && last !== undefined && restingEvents.has(last);
}

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** The time-skipping server calls an activity started until its next attempt begins; its times tell better. */
function isBetweenAttempts({ state, lastStartedTime, lastAttemptCompleteTime }: Pending): boolean {
  if (!lastStartedTime) return false;
  const { PENDING_ACTIVITY_STATE_SCHEDULED: scheduled } = proto.temporal.api.enums.v1.PendingActivityState;
  return state === scheduled || milliseconds(lastAttemptCompleteTime) >= milliseconds(lastStartedTime);
}

function milliseconds(time: Pending['lastStartedTime']): number {
  return time ? Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6 : 0;
}
