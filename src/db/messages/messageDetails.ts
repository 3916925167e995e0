import type { Queryable } from '../database.ts';
import { type ListedMessage, listedMessage } from './messageList.ts';

export interface MessageDetails {
  readonly message: ListedMessage;
  readonly calls: readonly {
    readonly attempt: number;
    readonly claimed_at: Date;
    readonly answered_at: Date | null;
    readonly outcome: string | null;
    readonly detail: string | null;
  }[];
  /** What it says; null where that is not kept (any more). */
  readonly rendered: Record<string, unknown> | null;
}

/** One message with its calls; undefined where there is none. */
export async function readMessage(
  db: Queryable,
  appId: string,
  { owner, seq }: { readonly owner: string; readonly seq: number },
): Promise<MessageDetails | undefined> {
  const row = await listedMessage(db, { appId })
    .select('rendered')
    .where('owner', '=', owner)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const calls = await db
    .selectFrom('message_attempt')
    .select(['attempt', 'claimed_at', 'answered_at', 'outcome', 'detail'])
    .where('app_id', '=', appId)
    .where('owner', '=', owner)
    .where('seq', '=', seq)
    .orderBy('attempt')
    .execute();
  const { rendered, ...message } = row;
  return { message, calls, rendered };
}
