import type { MailboxMessage } from '../channels/mailbox/message.ts';
import type { Database } from '../db/database.ts';
import { writeDuration } from '../domain/duration.ts';
import { contextNames, emailTags } from '../domain/messageTags.ts';
import { parseMessageId } from '../sending/ledger.ts';

/** A message that somebody received, as their provider got it. What does not apply to its channel is null. */
export interface TestMessage
  extends Pick<
    MailboxMessage,
    'id' | 'channel' | 'to' | 'from' | 'subject' | 'text' | 'html' | 'title' | 'body'
  > {
  readonly endpointId: string | null;
  readonly journeyId: string | null;
  readonly campaignId: string | null;
  /** The step of the journey that sent it, as its document calls it. */
  readonly step: string | null;
  /** When it was sent, since the world began: an ISO 8601 duration in whole minutes, such as `PT0S`, `P4D` or `P1DT2H`. */
  readonly after: string;
  /** The same as a point in time, ISO 8601 in UTC. */
  readonly at: string;
}

/** Only messages that are all of this. */
export type MessageFilter = Partial<
  Pick<TestMessage, 'to' | 'channel' | 'step' | 'endpointId' | 'journeyId' | 'campaignId'>
>;

/** Where received messages are found. */
export interface Received {
  readonly db: Database;
  readonly appId: string;
  readonly startedAt: Date;
  messages(): Promise<MailboxMessage[]>;
}

/** What was received so far, oldest first. */
export async function receivedMessages(received: Received, filter: MessageFilter): Promise<TestMessage[]> {
  const instants = await readInstants(received);
  const messages = (await received.messages())
    .filter(({ appId }) => appId === received.appId)
    .map((message) => describe(message, instants, received.startedAt));
  const wanted = Object.entries(filter) as [keyof MessageFilter, unknown][];
  return messages
    .filter((message) => wanted.every(([name, value]) => value === undefined || message[name] === value))
    .sort((one, other) => one.at.localeCompare(other.at));
}

/** The mailbox knows real time only; the logical instants stand in the ledger. */
async function readInstants({ db, appId }: Received): Promise<ReadonlyMap<string, Date>> {
  const rows = await db
    .selectFrom('message')
    .select(['owner', 'seq', 'accepted_at'])
    .where('app_id', '=', appId)
    .where('accepted_at', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [`${row.owner} ${row.seq}`, row.accepted_at ?? new Date(0)]));
}

function describe(
  message: MailboxMessage,
  instants: ReadonlyMap<string, Date>,
  startedAt: Date,
): TestMessage {
  const { id, channel, to, from, subject, text, html, title, body, tags } = message;
  const { endpointId, journeyId, campaignId } = message;
  const key = parseMessageId(tags[emailTags.messageId] ?? tags[contextNames.messageId] ?? '');
  const at = instants.get(key === null ? '' : `${key.owner} ${key.seq}`) ?? startedAt;
  const after = wholeMinutes(at.getTime() - startedAt.getTime());
  const origin = { endpointId, journeyId, campaignId, step: message.activityId };
  const content = { subject, text, html, title, body };
  return { id, channel, to, from, ...content, ...origin, after, at: at.toISOString() };
}

/** Real time passes too while a test runs: what is left of a minute says nothing. */
function wholeMinutes(milliseconds: number): string {
  return writeDuration(Math.floor(milliseconds / 60_000) * 60_000);
}
