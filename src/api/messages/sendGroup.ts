import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../../deps.ts';
import { claimFrom, type Say } from '../../sending/claim.ts';
import { deliver } from '../../sending/deliver.ts';
import { inParallel } from '../../sending/inParallel.ts';
import { CLAIM_ALIVE_MS, type Claim, type MessageOwner } from '../../sending/ledger.ts';
import { untilSlot } from '../../sending/untilSlot.ts';
import { inTurn } from './inTurn.ts';
import type { Prepared } from './prepare.ts';
import { type Result, resultOfDelivery, resultOfSettled, unclear } from './results.ts';
import type { Target } from './targets.ts';

/** Provider calls one request makes at a time. */
const CALLS_AT_A_TIME = 16;
const ASK_AGAIN_MS = 200;

/** Sends a request's messages of one channel and step through the ledger, as the channel lets them leave. */
export async function sendGroup(
  deps: Deps,
  ids: { appId: string; owner: string },
  group: readonly Prepared[],
  results: Map<Target, Result>,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const owner: MessageOwner = {
    ...ids,
    kind: 'request',
    step: first.target.step,
    channel: first.channel,
    class: 'transactional',
    graceMs: deps.config.REPOINT_UNKNOWN_GRACE_SECONDS * 1000,
    keepsBody: first.kept !== undefined && deps.config.REPOINT_KEEP_BODIES_DAYS > 0,
  };
  for await (const { some, slots, next } of inTurn(deps, owner, group, results)) {
    const claims = await claimGroup(deps, owner, some, next);
    await inParallel(some, CALLS_AT_A_TIME, async (one) => {
      const claimed = claims.get(one.target.recipient.recipient);
      await untilSlot(slots.get(one));
      if (claimed !== undefined) results.set(one.target, await settle(deps, owner, one, claimed));
    });
  }
}

async function claimGroup(
  deps: Deps,
  owner: MessageOwner,
  group: readonly Prepared[],
  next: number | null,
): Promise<Map<string, Claim>> {
  const byRecipient = new Map(group.map((one) => [one.target.recipient.recipient, one]));
  const recipients = group.map(({ target }) => target.recipient);
  const now = { logical: await deps.clock.now(), real: new Date() };
  const say: Say = async (call) => {
    const one = byRecipient.get(call.recipient.recipient);
    return call.rendered === null ? one?.kept : undefined;
  };
  const claims = await claimFrom(next, deps.db, owner, recipients, now, say);
  return new Map(claims.map((claimed) => [claimed.recipient.recipient, claimed]));
}

/** Makes the call of a claim; for a message that another try of this request is sending, waits for its answer. */
async function settle(deps: Deps, owner: MessageOwner, one: Prepared, first: Claim): Promise<Result> {
  const deadline = Date.now() + CLAIM_ALIVE_MS;
  for (let claimed = first; ; ) {
    if (claimed.kind === 'call') {
      const delivered = await deliver(deps, owner, claimed, one.outgoing(claimed));
      return (one.answer ?? resultOfDelivery)(delivered, claimed.messageId);
    }
    if (claimed.kind === 'settled') return resultOfSettled(claimed, owner.owner);
    const now = await deps.clock.now();
    if (Date.now() >= deadline || claimed.until.getTime() > now.getTime() + CLAIM_ALIVE_MS) {
      return unclear('An earlier try of this message has no known outcome yet');
    }
    await sleep(ASK_AGAIN_MS);
    claimed = (await claimGroup(deps, owner, [one], null)).get(one.target.recipient.recipient) ?? claimed;
  }
}
