import type { OutboxRow } from './outbox.ts';
import { workflowIdOf } from './workflowIds.ts';

/** Has a workflow started that owns something: the same row whenever it is asked for, whoever asks. */
export type StartRow = Extract<OutboxRow, { readonly kind: 'start' }>;

/** Starts the workflow that owns a journey's start, passes and end. */
export function lifeStart(
  journey: { readonly app_id: string; readonly id: string; readonly name: string },
  now: Date,
): StartRow {
  const { app_id: appId, id, name } = journey;
  return {
    kind: 'start',
    workflowType: 'journeyLife',
    input: { appId, journeyId: id },
    appId,
    workflowId: workflowIdOf('journeyLife', { id }),
    notBefore: now,
    summary: `Journey ${name}`,
  };
}

/** One version of a campaign. */
interface CampaignVersionKey {
  readonly appId: string;
  readonly id: string;
  readonly version: number;
}

/** Starts the workflow that runs a version of a campaign. */
export function campaignStart(key: CampaignVersionKey, name: string | undefined, now: Date): StartRow {
  const { appId, id: campaignId, version } = key;
  return {
    kind: 'start',
    workflowType: 'campaignRun',
    input: { appId, campaignId, version },
    appId,
    workflowId: workflowIdOf('campaignRun', key),
    notBefore: now,
    summary: name ?? `campaign ${campaignId}`,
  };
}

/** Starts the workflow of an import job. */
export function importStart(
  { appId, id }: { readonly appId: string; readonly id: string },
  now: Date,
): StartRow {
  return {
    kind: 'start',
    workflowType: 'importJob',
    input: { appId, jobId: id },
    appId,
    workflowId: workflowIdOf('importJob', { id }),
    notBefore: now,
    summary: 'Import endpoints',
  };
}
