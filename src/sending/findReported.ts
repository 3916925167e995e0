import type { Queryable, Tx } from '../db/database.ts';
import { parseMessageId } from './ledger.ts';
import type { MessageRow } from './rows.ts';

const columns = [
  'message.app_id',
  'message.owner',
  'message.seq',
  'message.step',
  'message.channel',
  'message.address',
  'message.endpoint_id',
  'message.journey_id',
  'message.campaign_id',
  'message.context',
] as const;

type Column = (typeof columns)[number] extends `message.${infer Name}` ? Name : never;

/** What is read of a message that is reported of; `run_id`: the run by which a journey's participant entered. */
export type ReportedRow = Pick<MessageRow, Column> & { readonly run_id: string | null };

/**
 * The message a report is about: named by our id, or by the one the provider gave it, which tells no app. Only SMS are found
 * by the latter: whatever else is sent comes back with our own id.
 */
export async function findReported(
  db: Queryable,
  reported: { readonly appId: string; readonly messageId: string } | { readonly providerMessageId: string },
): Promise<ReportedRow | undefined> {
  const messages = db
    .selectFrom('message')
    .leftJoin('journey_entry', (join) =>
      join
        .onRef('journey_entry.app_id', '=', 'message.app_id')
        .onRef('journey_entry.id', '=', 'message.owner'),
    )
    .select([...columns, 'journey_entry.run_id']);
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
    .where('message.app_id', '=', reported.appId)
    .where('message.owner', '=', key.owner)
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
