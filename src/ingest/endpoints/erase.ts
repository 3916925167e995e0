import { sql } from 'kysely';
import { json, type Tx } from '../../db/database.ts';
import { tellOfLast } from '../../db/journeys/lastToLeave.ts';
import { enqueue } from '../../db/outbox/outbox.ts';
import { workflowIdOf } from '../../db/outbox/workflowIds.ts';
import { lockParticipants } from '../../db/people/participantLocks.ts';
import { eraseRecords } from '../../db/streams/streamRecords.ts';
import { type Participant, participantOf, userOf } from '../../domain/participant.ts';
import type { MessageKey } from '../../sending/ledger.ts';

/** An endpoint whose row is gone. */
export interface ErasedEndpoint {
  readonly id: string;
  readonly userId: string | null;
  readonly channelType: string | null;
  readonly address: string | null;
}

/** A send or an event that began before the deletion has come to its end by then (logical milliseconds). */
const WRITTEN_BESIDE_MS = 60_000;

/**
 * What the deletion of endpoints causes, in its transaction and after the rows are gone: what was sent to them, to their
 * addresses by themselves, and heard of them is erased, and a participant who has no endpoint left ends and is erased,
 * executions included. An entry of somebody who has others goes on with them. A minute later it is looked for once more
 * what a send or an event beside the deletion has written.
 */
export async function eraseEndpoints(
  tx: Tx,
  appId: string,
  endpoints: readonly ErasedEndpoint[],
  now: Date,
): Promise<void> {
  // As whom an endpoint went through journeys before it had a user
  const alone = endpoints.map(({ id }): Participant => `e:${id}`);
  const participants = [...new Set([...endpoints.map(participantOf), ...alone])];
  await lockParticipants(tx, appId, participants);
  for (const endpoint of endpoints) {
    await eraseEndpoint(tx, appId, endpoint.id);
    await eraseAddress(tx, appId, endpoint);
  }
  for (const participant of participants) {
    if (await hasEndpoints(tx, appId, participant)) await eraseFromReasons(tx, appId, participant, endpoints);
    else await eraseParticipant(tx, appId, participant, now);
  }
  const ids = endpoints.map(({ id }) => id);
  await leavePositions(tx, appId, ids);
  const notBefore = new Date(now.getTime() + WRITTEN_BESIDE_MS);
  const again = ids.map((endpointId) => ({
    kind: 'erase' as const,
    appId,
    workflowId: '',
    notBefore,
    endpointId,
  }));
  await enqueue(tx, again, now);
}

/** Erases what was written of an endpoint while it was deleted, unless it has come back since. */
export async function eraseWrittenBeside(tx: Tx, appId: string, endpointId: string): Promise<void> {
  const back = await tx
    .selectFrom('endpoint')
    .select('id')
    .where('app_id', '=', appId)
    .where('id', '=', endpointId)
    .executeTakeFirst();
  if (back === undefined) await eraseEndpoint(tx, appId, endpointId);
}

async function eraseEndpoint(tx: Tx, appId: string, endpointId: string): Promise<void> {
  await eraseRecords(tx, appId, [endpointId]);
  await eraseMessages(tx, appId, sql`message.endpoint_id = ${endpointId}`);
  await tx.deleteFrom('event').where('app_id', '=', appId).where('endpoint_id', '=', endpointId).execute();
  await tx
    .deleteFrom('event_key')
    .where('app_id', '=', appId)
    .where('endpoint_id', '=', endpointId)
    .execute();
}

/** What SendMessages sent to the address itself. */
async function eraseAddress(tx: Tx, appId: string, { channelType, address }: ErasedEndpoint): Promise<void> {
  if (address === null) return;
  const messages = await eraseMessages(
    tx,
    appId,
    sql`lower(message.address) = lower(${address}) and message.endpoint_id is null and message.channel_type = ${channelType}`,
  );
  await eraseHeardOf(tx, appId, messages);
}

/** What was heard of messages to an address: it stands under no endpoint's id. */
async function eraseHeardOf(tx: Tx, appId: string, messages: readonly MessageKey[]): Promise<void> {
  const { rows } = await sql<{ id: string; endpoint_id: string }>`
    delete from event using jsonb_to_recordset(${json(messages)}::jsonb) as message (owner uuid, seq int)
    where event.app_id = ${appId} and event.message_owner = message.owner and event.message_seq = message.seq
    returning event.id, event.endpoint_id`.execute(tx);
  await sql`delete from stream_record where app_id = ${appId} and kind = 'event'
    and endpoint_id = any(${rows.map((event) => event.endpoint_id)}::text[])
    and subject = any(${rows.map((event) => event.id)}::uuid[])`.execute(tx);
}

async function eraseMessages(
  tx: Tx,
  appId: string,
  which: ReturnType<typeof sql>,
): Promise<readonly MessageKey[]> {
  await sql`delete from message_attempt attempt using message
    where message.app_id = ${appId} and ${which}
      and attempt.app_id = message.app_id and attempt.owner = message.owner and attempt.seq = message.seq`.execute(
    tx,
  );
  const erased = await sql<MessageKey>`delete from message where message.app_id = ${appId} and ${which}
    returning owner, seq`.execute(tx);
  return erased.rows;
}

async function hasEndpoints(tx: Tx, appId: string, participant: Participant): Promise<boolean> {
  const userId = userOf(participant);
  if (userId === null) return false;
  const other = await tx
    .selectFrom('endpoint')
    .select('id')
    .where('app_id', '=', appId)
    .where('user_id', '=', userId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

async function eraseParticipant(tx: Tx, appId: string, participant: Participant, now: Date): Promise<void> {
  const entries = await tx
    .deleteFrom('journey_entry')
    .where('app_id', '=', appId)
    .where('participant', '=', participant)
    .returning(['id', 'journey_id', 'endpoint_id'])
    .execute();
  for (const table of ['journey_member', 'event'] as const)
    await tx.deleteFrom(table).where('app_id', '=', appId).where('participant', '=', participant).execute();
  await eraseMessages(tx, appId, sql`message.participant = ${participant}`);
  for (const table of ['outbox', 'outbox_dead'] as const) {
    await tx
      .deleteFrom(table)
      .where('app_id', '=', appId)
      .where('entry_id', '=', sql<string>`any(${entries.map((entry) => entry.id)}::uuid[])`)
      .execute();
  }
  const deletions = entries.map((entry) => ({
    kind: 'delete' as const,
    appId,
    workflowId: workflowIdOf('journey', entry),
    notBefore: now,
  }));
  await enqueue(tx, deletions, now);
  for (const journeyId of new Set(entries.map((entry) => entry.journey_id)))
    await tellOfLast(tx, { appId, journeyId }, now);
}

/** A provider that refuses a message may quote its address, and the steps of those who go on keep the reason. */
async function eraseFromReasons(
  tx: Tx,
  appId: string,
  participant: Participant,
  endpoints: readonly ErasedEndpoint[],
): Promise<void> {
  for (const { address } of endpoints) {
    if (address === null) continue;
    await sql`update journey_step step set reason = replace(step.reason, ${address}, '(erased)')
      from journey_entry entry
      where entry.app_id = ${appId} and entry.participant = ${participant}
        and step.app_id = entry.app_id and step.entry_id = entry.id
        and position(${address} in step.reason) > 0`.execute(tx);
  }
}

/** A page that ended with one of them ended with the one before as well. */
async function leavePositions(tx: Tx, appId: string, endpointIds: readonly string[]): Promise<void> {
  for (const table of ['journey_run', 'campaign_run'] as const) {
    await sql`update ${sql.table(table)} run set position = coalesce((
        select endpoint.id from endpoint where endpoint.app_id = run.app_id and endpoint.id < run.position
        order by endpoint.id desc limit 1), '')
      where run.app_id = ${appId} and run.position = any(${[...endpointIds]}::text[])`.execute(tx);
  }
}
