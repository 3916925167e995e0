import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Entry } from '../db/entries.ts';
import { workflowIdOf } from '../db/workflowIds.ts';
import type { Deps } from '../deps.ts';
import { callTemporal } from './callTemporal.ts';
import { isTemporalAway, isWorkflowGone, reasonOf } from './temporalErrors.ts';
import { temporalWorkflowId } from './temporalIds.ts';

type StatusName = WorkflowExecutionDescription['status']['name'];

/** Why the entry of a closed workflow ends. One that completes has ended its entry before, as it is read here. */
const endReasons: Readonly<Partial<Record<StatusName, string>>> = {
  TERMINATED: 'OPERATOR_TERMINATED',
  CANCELLED: 'OPERATOR_CANCELLED',
  FAILED: 'WORKFLOW_FAILED',
  TIMED_OUT: 'WORKFLOW_FAILED',
  COMPLETED: 'WORKFLOW_LOST',
};

/** How an entry's workflow is, as Temporal says. */
export type WorkflowCondition =
  /** It is not there any more, or will never go on: the entry ends with this reason. */
  | { readonly is: 'closed'; readonly reason: string }
  /** Something is under way for it. */
  | { readonly is: 'busy' }
  /** It waits for its timer or a wake. */
  | { readonly is: 'idle' };

/**
 * Asks Temporal for the newest run of an entry's workflow. Undefined where Temporal is away: another pass will know.
 * One that cannot be described is left alone for now.
 */
export async function workflowCondition(
  deps: Deps,
  temporal: Client,
  entry: Pick<Entry, 'id' | 'journey_id' | 'endpoint_id'>,
): Promise<WorkflowCondition | undefined> {
  const workflow = temporal.workflow.getHandle(
    temporalWorkflowId(deps.config, workflowIdOf('journey', entry)),
  );
  try {
    return conditionIn(await callTemporal(temporal, () => workflow.describe()));
  } catch (error) {
    if (isWorkflowGone(error)) return { is: 'closed', reason: 'WORKFLOW_LOST' };
    const failure = { entryId: entry.id, workflowId: workflow.workflowId, reason: reasonOf(error) };
    deps.log.warn(failure, 'the workflow of an entry could not be described');
    return isTemporalAway(error) ? undefined : { is: 'busy' };
  }
}

function conditionIn({ status, raw }: WorkflowExecutionDescription): WorkflowCondition {
  const reason = endReasons[status.name];
  if (reason !== undefined) return { is: 'closed', reason };
  const isBusy = (raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask != null;
  return { is: isBusy ? 'busy' : 'idle' };
}
