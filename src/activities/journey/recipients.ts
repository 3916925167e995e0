import { type SqlBool, sql } from 'kysely';
import type { Tx } from '../../db/database.ts';
import type { Entry } from '../../db/journeys/entries.ts';
import { refusalOf, type SendTarget, userAttributes } from '../../db/people/sendTargets.ts';
import { segmentPredicate } from '../../db/segments/segmentSql.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import { type Channel, pushChannelTypes } from '../../domain/channel.ts';
import { customReach } from '../../domain/endpoint/customReach.ts';
import type { MessageStep } from '../../domain/journey/steps.ts';
import { userOf } from '../../domain/participant.ts';
import type { Recipient } from '../../sending/ledger.ts';
import type { Gate } from './gate.ts';

/** A channel that a journey's step can send by. */
export type StepChannel = Exclude<Channel, 'VOICE'>;

/** The channel types of the endpoints that a step is for. */
export function channelTypesOf(step: MessageStep): readonly string[] {
  if (step.kind === 'email') return ['EMAIL'];
  if (step.kind === 'sms') return ['SMS'];
  if (step.kind === 'push') return pushChannelTypes;
  return customReach(step.endpointTypes);
}

/** Why an endpoint of the right channel gets nothing. */
export type Ineligible = 'ENDPOINT_INACTIVE' | 'ENDPOINT_OPT_OUT' | 'NOT_IN_SEGMENT' | 'SEGMENT_DELETED';

/** An endpoint of the participant on the step's channel; `why` is null for one that may be written to. */
export interface Reachable {
  readonly endpoint: SendTarget;
  readonly why: Ineligible | null;
}

/**
 * The participant's endpoints on a channel: each that matches the journey's segment is written to, so that consent kept
 * in endpoint attributes is obeyed. The segment is that by which the participant entered. Relative dates of the segment count from the entry: time alone throws nobody out.
 */
export async function reachableEndpoints(
  tx: Tx,
  gate: Gate,
  channelTypes: readonly string[],
): Promise<Reachable[]> {
  const { entry, journey } = gate;
  const segment =
    journey.segment_id === null
      ? null
      : await loadSegmentTree(tx, entry.app_id, journey.segment_id, entry.segment_version);
  const outside = journey.segment_id !== null && segment === null ? 'SEGMENT_DELETED' : 'NOT_IN_SEGMENT';
  const matches = segment
    ? segmentPredicate(segment.tree, { appId: entry.app_id, now: entry.entered_at })
    : sql<SqlBool>`${journey.segment_id === null}::boolean`;
  const rows = await ofParticipant(tx, entry)
    .select([matches.as('matches'), userAttributes.as('user_attributes')])
    .where('channel_type', '=', sql<string>`any(${[...channelTypes]}::text[])`)
    .where('address', 'is not', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ matches: inSegment, ...endpoint }) => ({
    endpoint,
    why: refusalOf(endpoint) ?? (inSegment === true ? null : outside),
  }));
}

/** The participant's endpoints. */
export function ofParticipant(tx: Tx, entry: Entry) {
  const endpoints = tx.selectFrom('endpoint').selectAll().where('app_id', '=', entry.app_id);
  const userId = userOf(entry.participant);
  return userId === null
    ? endpoints.where('id', '=', entry.participant.slice(2))
    : endpoints.where('user_id', '=', userId);
}

/** The endpoints as recipients, each address once. */
export function recipientsOf(entry: Entry, reachable: readonly Reachable[]): Recipient[] {
  const byAddress = new Map<string, Recipient>();
  for (const { endpoint, why } of reachable) {
    const { id, channel_type: channelType, address } = endpoint;
    if (why !== null || channelType === null || address === null) continue;
    const key = `${channelType} ${address}`;
    if (byAddress.has(key)) continue;
    byAddress.set(key, {
      recipient: id,
      endpointId: id,
      participant: entry.participant,
      channelType,
      address,
    });
  }
  return [...byAddress.values()];
}
