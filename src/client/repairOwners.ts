import type { Client } from '@temporalio/client';
import type { WorkflowType } from '../db/outbox/outbox.ts';
import { leaveOwnerLook, takeOwnerLook } from '../db/repair/ownerLook.ts';
import { nextOwners } from '../db/repair/owners.ts';
import type { Deps } from '../deps.ts';
import { seeToOwner } from './seeToOwner.ts';

const kinds = ['journeyLife', 'campaignRun', 'importJob'] as const satisfies readonly WorkflowType[];
/** Owners of each kind at once. */
const PAGE_SIZE = 100;

/**
 * Looks, every five minutes, whether the workflows of journeys, campaigns and import jobs are still there: what was closed
 * from outside is found although Temporal cannot list it, and what it has lost. A page of each kind a call; any number of
 * workers may do it.
 */
export async function repairOwners(deps: Deps, temporal: Client): Promise<void> {
  for (const kind of kinds) await lookAtPage(deps, temporal, kind);
}

async function lookAtPage(deps: Deps, temporal: Client, kind: WorkflowType): Promise<void> {
  const after = await takeOwnerLook(deps.db, kind, new Date());
  if (after === undefined) return;
  const now = await deps.clock.now();
  const owners = await nextOwners(deps.db, kind, after, PAGE_SIZE, now);
  const seen = await Promise.all(owners.map((owner) => seeToOwner(deps, temporal, owner, now)));
  // Temporal went away in between: when the lease has run out, the page is looked at again.
  if (seen.includes(false)) return;
  const last = owners.length === PAGE_SIZE ? owners.at(-1) : undefined;
  await leaveOwnerLook(deps.db, kind, last ? { app_id: last.appId, id: last.id } : null, new Date());
}
