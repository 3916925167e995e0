import type { SendOutcome } from '../channels/channel.ts';
import type { Database } from '../db/database.ts';
import { createBatcher } from './batcher.ts';
import type { CallClaim, MessageOwner } from './ledger.ts';
import { type Answered, type Recorded, recordOutcomes } from './recordOutcomes.ts';

/** Answers that wait for each other, by the database they go to. */
const groups = new WeakMap<Database, ReturnType<typeof createGroup>>();

/**
 * Records what the one call of a claim came to, and answers what the message is now: feedback, or a later claim, may have
 * decided before. Recording it twice is harmless. Answers that come while others are being written are written together,
 * in one commit; where that fails, each by itself, so that none is lost by another's fault.
 * @param logical when it was answered
 */
export async function recordOutcome(
  db: Database,
  owner: MessageOwner,
  claim: CallClaim,
  outcome: SendOutcome,
  logical: Date,
): Promise<Recorded> {
  const group = groups.get(db) ?? createGroup(db);
  groups.set(db, group);
  const settled = await group(owner.appId, { owner, claim, outcome, logical });
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

function createGroup(db: Database) {
  return createBatcher((appId: string, some: readonly Answered[]) => recordAll(db, appId, some));
}

type Settled = PromiseSettledResult<Recorded>;

async function recordAll(db: Database, appId: string, some: readonly Answered[]): Promise<Settled[]> {
  const settled = new Map<Answered, Settled>();
  // One statement changes a row once: of several answers about one message the later wait.
  for (let left = some; left.length > 0; left = left.filter((one) => !settled.has(one))) {
    const together = [...new Map(left.toReversed().map((one) => [nameOf(one), one])).values()];
    for (const [index, one] of (await recordTogether(db, appId, together)).entries())
      settled.set(together[index] as Answered, one);
  }
  return some.map((one) => settled.get(one) as Settled);
}

function nameOf({ owner, claim }: Answered): string {
  return `${owner.owner} ${claim.seq}`;
}

async function recordTogether(db: Database, appId: string, some: readonly Answered[]): Promise<Settled[]> {
  const [recorded] = await Promise.allSettled([recordOutcomes(db, appId, some)]);
  if (recorded.status === 'fulfilled') return recorded.value.map((value) => ({ status: 'fulfilled', value }));
  if (some.length === 1) return [recorded];
  return (await Promise.all(some.map((one) => recordTogether(db, appId, [one])))).flat();
}
