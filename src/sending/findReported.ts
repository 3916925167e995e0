import type { Queryable, Tx } from '../db/database.ts';
import { parseMessageId } from './ledger.ts';
import type { MessageRow } from './rows.ts';

const columns = [
  'app_id',
  'owner',
  'seq',
  'step',
  'channel',
  'address',
  'endpoint_id',
  'journey_id',
  'campaign_id',
  'context',
] as const;

/** What is read of a message that is reported of. */
export type ReportedRow = Pick<MessageRow, (typeof columns)[number]>;

/**
 * The message a report is about: named by our id, or by the one the provider gave it, which tells no app. Only SMS are found
 * by the latter: whatever else is sent comes back with our own id.
 */
export async function findReported(
  db: Queryable,
  reported: { readonly appId: string; readonly messageId: string } | { readonly providerMessageId: string },
): Promise<ReportedRow | undefined> {
  const messages = db.selectFrom('message').select([...columns]);
  if ('providerMessageId' in reported) {
    return await messages
      .where('channel', '=', 'SMS')
      .where('provider_message_id', '=', reported.providerMessageId)
      .limit(1)
      .executeTakeFirst();
  }
  const key = parseMessageId(reported.messageId);
  if (key === null) return undefined;
  return await messages
    .where('app_id', '=', reported.appId)
    .where('owner', '=', key.owner)
    .where('seq', '=', key.seq)
    .executeTakeFirst();
}

/** Keeps a message from being deleted until the transaction's end; false when it is gone. */
export async function holdMessage(
  tx: Tx,
  message: Pick<MessageRow, 'app_id' | 'owner' | 'seq'>,
): Promise<boolean> {
  const held = await tx
    .selectFrom('message')
    .select('seq')
    .where('app_id', '=', message.app_id)
    .where('owner', '=', message.owner)
    .where('seq', '=', message.seq)
    .forKeyShare()
    .executeTakeFirst();
  return held !== undefined;
}
