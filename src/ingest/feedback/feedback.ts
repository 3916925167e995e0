import type { Feedback } from '../../contract/notifications/feedback.ts';
import type { Tx } from '../../db/database.ts';
import type { Deps } from '../../deps.ts';
import { findReported, holdMessage, type ReportedRow } from '../../sending/findReported.ts';
import { followWord } from '../../sending/followWord.ts';
import { settleByFeedback } from '../../sending/settleByFeedback.ts';
import { recordEvents } from '../events/recordEvents.ts';
import { originAttributes } from './originAttributes.ts';

export type FeedbackDeps = Pick<Deps, 'db' | 'clock' | 'config'>;

/**
 * What a provider's notification causes. In one transaction the message is settled by what it proves, and it becomes an
 * event like any other; then the endpoint and the suppression list follow. Repeated and unordered notifications are
 * harmless, so what a crash leaves undone is done by the next try.
 * @returns false for a message that is not, or no longer, in the ledger
 */
export async function recordFeedback(deps: FeedbackDeps, feedback: Feedback): Promise<boolean> {
  const now = await deps.clock.now();
  const message = await deps.db.transaction().execute((tx) => settleAndStore(tx, feedback, now));
  if (message === undefined) return false;
  const { word, event } = feedback;
  if (word === null) return true;
  const { app_id: appId, endpoint_id: endpointId, channel, address } = message;
  const endpoint = endpointId === null ? null : { appId, endpointId };
  const speaker = { endpoint, channel, address };
  await followWord(deps, word, { speaker, saidAt: logicalTime(event.occurredAt, now), now });
  return true;
}

async function settleAndStore(tx: Tx, feedback: Feedback, now: Date): Promise<ReportedRow | undefined> {
  const { kind, detail, event } = feedback;
  const message = await findReported(tx, feedback.message);
  if (message === undefined || !(await staysUntilStored(tx, message))) return undefined;
  const { app_id: appId, owner, seq, step } = message;
  if (kind !== null) await settleByFeedback(tx, appId, { owner, seq }, kind, detail, now);
  const attributes = { ...contextOf(message), ...event.attributes, ...originAttributes(message) };
  // A message to a bare address has no endpoint; Pinpoint, too, gives its events a client id of their own.
  const endpointId = message.endpoint_id ?? owner;
  await recordEvents(tx, appId, [{ ...event, attributes, endpointId, message: { owner, seq, step } }], now);
  return message;
}

/** Nobody looks a second time for events of a message to an address, as for an endpoint's: what erases it waits for them. */
async function staysUntilStored(tx: Tx, message: ReportedRow): Promise<boolean> {
  return message.endpoint_id !== null || (await holdMessage(tx, message));
}

/** A provider's clock tells real time, a test's may be years ahead: what was so long ago there was so long ago here. */
export function logicalTime(real: Date, now: Date): Date {
  return new Date(now.getTime() - Math.max(0, Date.now() - real.getTime()));
}

/** What SendMessages' Context said: "added to delivery receipt event attributes", and as the SMS events have it, JSON. */
function contextOf({ context }: ReportedRow): Record<string, string> {
  return context === null ? {} : { ...context, customer_context: JSON.stringify(context) };
}
