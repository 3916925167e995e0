import { workflowsEnded } from '../counters.ts';
import type { Tx } from '../db/database.ts';
import { type Entry, endEntry, lockOpenEntry } from '../db/journeys/entries.ts';
import type { Deps } from '../deps.ts';
import type { EndReason } from './workflowCondition.ts';

/**
 * Ends an entry whose workflow is over or gone. The workflow may have ended it between our reading and Temporal's answer:
 * that holds.
 */
export async function endForWorkflow(
  tx: Tx,
  { log }: Pick<Deps, 'log'>,
  { app_id, id }: Pick<Entry, 'app_id' | 'id'>,
  reason: EndReason,
  now: Date,
): Promise<void> {
  const entry = await lockOpenEntry(tx, app_id, id);
  if (!entry) return;
  await endEntry(tx, entry, null, reason, now);
  workflowsEnded.inc({ workflow: 'journey', reason });
  log.warn({ appId: app_id, entryId: id, reason }, 'an entry was ended without its workflow');
}
