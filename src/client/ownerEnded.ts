import { workflowsEnded } from '../counters.ts';
import { changeOpenRun } from '../db/campaigns/campaignRuns.ts';
import { insertCampaignVersion, lockCampaign } from '../db/campaigns/campaigns.ts';
import type { Tx } from '../db/database.ts';
import { failImport } from '../db/imports/failImport.ts';
import { enqueue, type WorkflowType } from '../db/outbox/outbox.ts';
import { workflowIdOf } from '../db/outbox/workflowIds.ts';
import { isStartSeenTo, type Owner, readOwners } from '../db/repair/owners.ts';
import type { Deps } from '../deps.ts';
import type { EndReason } from './workflowCondition.ts';

/** What was done, for the log; undefined: nothing was left to do. */
export type Done = 'started again' | 'paused' | 'failed' | undefined;

/** Somebody ended it, or it failed. */
type Ended = Exclude<EndReason, 'WORKFLOW_LOST'>;

type WhenEnded = (tx: Tx, owner: Owner, reason: Ended, now: Date) => Promise<Done>;

/** What follows when the workflow of an owner is over although something is left to do. docs/operations.md says why. */
const whenEnded: Readonly<Record<WorkflowType, WhenEnded>> = {
  journeyLife: startAgain,
  campaignRun: pauseCampaign,
  importJob: endImport,
};

/**
 * Draws the consequence of a workflow that an operator has ended, that failed, or that Temporal does not know any more. What
 * nobody has decided to end is started again, and goes on where Postgres says that it stands.
 */
export async function ownerEnded(
  tx: Tx,
  { log }: Pick<Deps, 'log'>,
  owner: Owner,
  reason: EndReason,
  now: Date,
): Promise<void> {
  // it may have come to its end, or to another version, between our reading and Temporal's answer
  const [still] = await readOwners(tx, owner.kind, [owner], now);
  if (still?.start.workflowId !== owner.start.workflowId) return;
  const done =
    reason === 'WORKFLOW_LOST'
      ? await startAgain(tx, owner, reason, now)
      : await whenEnded[owner.kind](tx, owner, reason, now);
  if (done === undefined) return;
  const { workflowId } = owner.start;
  workflowsEnded.inc({ workflow: owner.kind, reason });
  log.warn({ appId: owner.appId, workflowId, reason, done }, 'a workflow is over and its work is not');
}

async function startAgain(tx: Tx, { start }: Owner, _: EndReason, now: Date): Promise<Done> {
  if (await isStartSeenTo(tx, start)) return undefined;
  await enqueue(tx, [{ ...start, again: true }], now);
  return 'started again';
}

/** As UpdateCampaign does it with IsPaused: a version of its own, so that whoever still sends for the last one stops. */
async function pauseCampaign(tx: Tx, owner: Owner, reason: Ended, now: Date): Promise<Done> {
  const { appId, id } = owner;
  const stored = await lockCampaign(tx, appId, id, 'update');
  const isRunning = stored !== undefined && ['SCHEDULED', 'EXECUTING'].includes(stored.state);
  // another version has taken over meanwhile
  if (!isRunning || workflowIdOf('campaignRun', stored) !== owner.start.workflowId) return undefined;
  await insertCampaignVersion(tx, {
    ...stored,
    document: { ...stored.document, IsPaused: true },
    version: stored.version + 1,
    state: 'PAUSED',
    pausedBecause: reason,
    modifiedAt: now,
  });
  await changeOpenRun(tx, appId, id, { state: 'PAUSED', reason });
  return 'paused';
}

const explanations: Readonly<Record<Ended, string>> = {
  OPERATOR_TERMINATED: 'An operator terminated the workflow of the job in Temporal',
  OPERATOR_CANCELLED: 'The job was cancelled',
  WORKFLOW_FAILED: 'The workflow of the job failed in Temporal',
};

async function endImport(tx: Tx, { appId, id }: Owner, reason: Ended, now: Date): Promise<Done> {
  const isFailed = await failImport(tx, { appId, jobId: id }, explanations[reason], now);
  return isFailed ? 'failed' : undefined;
}
