import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Deps } from '../deps.ts';
import { callTemporal } from './callTemporal.ts';
import { isTemporalAway, isWorkflowGone, reasonOf } from './temporalErrors.ts';
import { temporalWorkflowId } from './temporalIds.ts';

type StatusName = WorkflowExecutionDescription['status']['name'];

/** Why a workflow is over although what it works for is not. */
export type EndReason = 'OPERATOR_TERMINATED' | 'OPERATOR_CANCELLED' | 'WORKFLOW_FAILED' | 'WORKFLOW_LOST';

/** What a status says. One that completes has noted its end in Postgres before, as that is read here. */
const endReasons: Readonly<Partial<Record<StatusName, EndReason>>> = {
  TERMINATED: 'OPERATOR_TERMINATED',
  CANCELLED: 'OPERATOR_CANCELLED',
  FAILED: 'WORKFLOW_FAILED',
  TIMED_OUT: 'WORKFLOW_FAILED',
  COMPLETED: 'WORKFLOW_LOST',
};

/** How a workflow is, as Temporal says. */
export type WorkflowCondition =
  /** It will never go on. */
  | { readonly is: 'closed'; readonly reason: EndReason }
  /** Temporal does not know it: it was deleted, or Temporal has lost its data. */
  | { readonly is: 'gone' }
  /** Something is under way for it. */
  | { readonly is: 'busy' }
  /** It waits for its timer or a wake. */
  | { readonly is: 'idle' };

/**
 * Asks Temporal for the newest run of a workflow, by the id that Postgres knows it by. Undefined where Temporal is away: another pass will know.
 * One that cannot be described is left alone for now.
 */
export async function workflowCondition(
  deps: Deps,
  temporal: Client,
  workflowId: string,
): Promise<WorkflowCondition | undefined> {
  const workflow = temporal.workflow.getHandle(temporalWorkflowId(deps.config, workflowId));
  try {
    return conditionIn(await callTemporal(temporal, () => workflow.describe()));
  } catch (error) {
    if (isWorkflowGone(error)) return { is: 'gone' };
    const failure = { workflowId: workflow.workflowId, reason: reasonOf(error) };
    deps.log.warn(failure, 'a workflow could not be described');
    return isTemporalAway(error) ? undefined : { is: 'busy' };
  }
}

function conditionIn({ status, raw }: WorkflowExecutionDescription): WorkflowCondition {
  const reason = endReasons[status.name];
  if (reason !== undefined) return { is: 'closed', reason };
  const isBusy = (raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask != null;
  return { is: isBusy ? 'busy' : 'idle' };
}
