import type { WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowType } from '../db/outbox/outbox.ts';
import { searchAttributes } from './searchAttributes.ts';

/** A run that was closed from outside: of a person's passage, or of the workflow of an owner. */
export interface ClosedRun {
  readonly kind: 'journey' | WorkflowType;
  readonly workflowId: string;
  readonly appId: string;
  /** Of the entry, the journey, the campaign or the import job. */
  readonly id: string;
  readonly closedAt: Date;
}

/** Where the id stands in a workflow's. */
const idForms: Readonly<Record<ClosedRun['kind'], RegExp>> = {
  journey: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  journeyLife: /(?<=^journey-life\/)[^/]+$/,
  campaignRun: /(?<=^campaign-run\/)[^/]+(?=\/\d+$)/,
  importJob: /(?<=^import-job\/)[^/]+$/,
};

const kinds = Object.keys(idForms) as ClosedRun['kind'][];

/** In words of Temporal's lists: our workflows that were closed, but not because they had come to their end. */
export const closedFromOutside = `WorkflowType IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
  AND ExecutionStatus IN ('Terminated', 'Canceled', 'Failed', 'TimedOut')`;

/** Reads one as Temporal lists it; none where the workflow is not one of ours. */
export function closedRun(found: WorkflowExecutionInfo['raw']): ClosedRun[] {
  const kind = kinds.find((one) => one === found.type?.name);
  const workflowId = found.execution?.workflowId ?? '';
  const id = kind && idForms[kind].exec(workflowId)?.[0];
  const { closeTime } = found;
  const app = found.searchAttributes?.indexedFields?.[searchAttributes.app.name];
  if (kind === undefined || id === undefined || !app || !closeTime) return [];
  const appId = defaultPayloadConverter.fromPayload<unknown>(app);
  const closedAt = new Date(Number(closeTime.seconds) * 1000 + Math.floor((closeTime.nanos ?? 0) / 1e6));
  return typeof appId === 'string' ? [{ kind, workflowId, appId, id, closedAt }] : [];
}
