import type {
  AddressConfiguration,
  EndpointSendConfiguration,
  MessageRequest,
  SendUsersMessageRequest,
} from '@aws-sdk/client-pinpoint';
import { LARGEST_ADDRESS_BYTES } from '../../contract/endpoint.ts';
import type { Queryable } from '../../db/database.ts';
import { type SendTarget, targetsByEndpoint, targetsByUser } from '../../db/people/sendTargets.ts';
import { participantOf } from '../../domain/participant.ts';
import type { PASSWORD_STEP, Recipient } from '../../sending/ledger.ts';
import type { VariableSource } from '../../sending/render.ts';
import { hasMessageFor } from './content.ts';
import { failure, type Result } from './results.ts';

/** What the messages of a request to bare addresses, to endpoints, and one-time passwords are called in the ledger. */
export type RequestStep = 'send' | 'send-endpoint' | typeof PASSWORD_STEP;

/** One recipient of a request: who, and what the request says for them alone. */
export interface Target {
  /** Where the result stands: the address, the endpoint's id, or the user's id and the endpoint's. */
  readonly place: readonly [kind: 'Addresses' | 'Endpoints' | 'Users', key: string, endpointId?: string];
  readonly step: RequestStep;
  readonly recipient: Recipient;
  readonly own: EndpointSendConfiguration;
  readonly source: VariableSource;
  readonly userAttributes: Record<string, string[]> | null;
}

/** A recipient, or the answer for one that nothing can be sent to. */
export type Found =
  | { readonly target: Target }
  | { readonly place: Target['place']; readonly address?: string | undefined; readonly result: Result };

/** The recipients of SendMessages in the request's order, addresses first; an address that comes again is answered DUPLICATE. */
export async function findTargets(db: Queryable, appId: string, request: MessageRequest): Promise<Found[]> {
  const addresses = Object.entries(request.Addresses ?? {}).map(([address, own]) =>
    atAddress(address, own, contextOf(request, own)),
  );
  const wanted = Object.entries(request.Endpoints ?? {});
  const ids = wanted.map(([id]) => id);
  const rows = new Map((await targetsByEndpoint(db, appId, ids)).map((row) => [row.id, row]));
  const endpoints = wanted.map(([id, own]) =>
    atEndpoint(['Endpoints', id], rows.get(id), own, contextOf(request, own)),
  );
  return refuseDuplicates([...addresses, ...endpoints]);
}

/** The active endpoints of the users that the message has something for. */
export async function findUserTargets(
  db: Queryable,
  appId: string,
  request: SendUsersMessageRequest,
): Promise<Found[]> {
  const users = request.Users ?? {};
  const rows = await targetsByUser(db, appId, Object.keys(users));
  const found = Object.entries(users).flatMap(([userId, own]) =>
    rows
      .filter((row) => row.user_id === userId && row.status === 'ACTIVE')
      .filter((row) => row.channel_type !== null && hasMessageFor(request, row.channel_type))
      .map((row) => atEndpoint(['Users', userId, row.id], row, own, contextOf(request, own))),
  );
  return refuseDuplicates(found);
}

/** What a recipient's own Context says wins over the request's. */
function contextOf(
  { Context }: Pick<MessageRequest, 'Context'>,
  own: EndpointSendConfiguration,
): Pick<Recipient, 'context'> {
  return Context === undefined && own.Context === undefined
    ? {}
    : { context: { ...Context, ...own.Context } };
}

function atAddress(address: string, own: AddressConfiguration, context: Pick<Recipient, 'context'>): Found {
  const place = ['Addresses', address] as const;
  const channelType = own.ChannelType;
  if (channelType === undefined) {
    return { place, result: failure(400, 'The address has no ChannelType') };
  }
  if (address.trim() === '') return { place, result: failure(400, 'The address is empty') };
  if (Buffer.byteLength(address) > LARGEST_ADDRESS_BYTES) {
    return { place, result: failure(400, `The address has more than ${LARGEST_ADDRESS_BYTES} bytes`) };
  }
  const recipient = {
    recipient: address,
    endpointId: null,
    participant: null,
    channelType,
    address,
    ...context,
  };
  const source = { address, channel_type: channelType };
  return { target: { place, step: 'send', recipient, own, source, userAttributes: null } };
}

function atEndpoint(
  place: Target['place'],
  row: SendTarget | undefined,
  own: EndpointSendConfiguration,
  context: Pick<Recipient, 'context'>,
): Found {
  if (row === undefined) return { place, result: failure(404, 'The endpoint does not exist') };
  const { id, address, channel_type: channelType } = row;
  if (row.opt_out === 'ALL') return { place, address: address ?? undefined, result: optOut('has opted out') };
  if (row.status !== 'ACTIVE') return { place, address: address ?? undefined, result: optOut('is inactive') };
  if (address === null || channelType === null) {
    return { place, result: failure(400, 'The endpoint has no address or no channel type') };
  }
  const participant = participantOf({ id, userId: row.user_id });
  const recipient = { recipient: id, endpointId: id, participant, channelType, address, ...context };
  return {
    target: {
      place,
      step: 'send-endpoint',
      recipient,
      own,
      source: row,
      userAttributes: row.user_attributes,
    },
  };
}

function optOut(why: string): Result {
  return { DeliveryStatus: 'OPT_OUT', StatusCode: 400, StatusMessage: `The endpoint ${why}` };
}

function refuseDuplicates(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.map((one) => {
    if (!('target' in one)) return one;
    const { channelType, address } = one.target.recipient;
    const key = `${channelType} ${channelType === 'EMAIL' ? address.toLowerCase() : address}`;
    if (!seen.has(key)) {
      seen.add(key);
      return one;
    }
    const result: Result = {
      DeliveryStatus: 'DUPLICATE',
      StatusCode: 400,
      StatusMessage: 'The request has this address already',
    };
    return { place: one.target.place, address, result };
  });
}
