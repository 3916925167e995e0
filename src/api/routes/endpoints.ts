import type { EndpointResponse, EndpointsResponse, EndpointUser } from '@aws-sdk/client-pinpoint';
import { parseEndpoint, parseEndpointId } from '../../contract/endpoint.ts';
import { type EndpointWithUser, endpointsOfUser, findEndpoint } from '../../db/people/endpoints.ts';
import type { EndpointWrite } from '../../domain/endpoint/audience.ts';
import type { ChannelType } from '../../domain/endpoint/endpoint.ts';
import { badRequest, collect, notFound, type Problem, refuseAny } from '../../domain/errors.ts';
import { deleteEndpoint, deleteUser } from '../../ingest/endpoints/deleteEndpoints.ts';
import { putEndpoint, putEndpoints } from '../../ingest/endpoints/putEndpoint.ts';
import type { Call, Handlers } from '../handler.ts';

/** Pinpoint's quota on UpdateEndpointsBatch. */
const MOST_ITEMS = 100;

export const endpointHandlers = {
  UpdateEndpoint: async ({ ApplicationId: appId = '', EndpointId, EndpointRequest }, call) => {
    const id = parseEndpointId(EndpointId);
    const change = { requestId: call.requestId, ...parseEndpoint(EndpointRequest) };
    const now = await call.deps.clock.now();
    await call.deps.db.transaction().execute((tx) => putEndpoint(tx, appId, id, change, now));
    return { MessageBody: accepted(call) };
  },

  UpdateEndpointsBatch: async ({ ApplicationId: appId = '', EndpointBatchRequest }, call) => {
    const writes = parseBatch(EndpointBatchRequest?.Item ?? [], call);
    const now = await call.deps.clock.now();
    await call.deps.db.transaction().execute(async (tx) => {
      const refusals = await putEndpoints(tx, appId, writes, now);
      const problems = refusals.flatMap(
        (refusal, i) => refusal?.problems.map((problem) => inItem(i, problem)) ?? [],
      );
      refuseAny(problems);
    });
    return { MessageBody: accepted(call) };
  },

  GetEndpoint: async ({ ApplicationId: appId = '', EndpointId: id = '' }, { deps }) => {
    const endpoint = await findEndpoint(deps.db, appId, id);
    if (endpoint === undefined) throw notFound(`endpoint ${id}`);
    return { EndpointResponse: endpointResponse(appId, endpoint) };
  },

  DeleteEndpoint: async ({ ApplicationId: appId = '', EndpointId: id = '' }, { deps }) => {
    const now = await deps.clock.now();
    const endpoint = await deps.db.transaction().execute((tx) => deleteEndpoint(tx, appId, id, now));
    if (endpoint === undefined) throw notFound(`endpoint ${id}`);
    return { EndpointResponse: endpointResponse(appId, endpoint) };
  },

  GetUserEndpoints: async ({ ApplicationId: appId = '', UserId: userId = '' }, { deps }) => {
    const endpoints = await endpointsOfUser(deps.db, appId, userId);
    return { EndpointsResponse: endpointsResponse(appId, userId, endpoints) };
  },

  DeleteUserEndpoints: async ({ ApplicationId: appId = '', UserId: userId = '' }, { deps }) => {
    const now = await deps.clock.now();
    const endpoints = await deps.db.transaction().execute((tx) => deleteUser(tx, appId, userId, now));
    return { EndpointsResponse: endpointsResponse(appId, userId, endpoints) };
  },
} satisfies Handlers;

function accepted({ requestId }: Call) {
  return { Message: 'Accepted', RequestID: requestId };
}

/** Every problem of every item at once. */
function parseBatch(
  items: readonly { readonly Id?: string | undefined }[],
  { requestId }: Call,
): EndpointWrite[] {
  if (items.length > MOST_ITEMS) {
    throw badRequest([
      { path: 'Item', message: `must have at most ${MOST_ITEMS} items; given ${items.length}` },
    ]);
  }
  const problems: Problem[] = [];
  const writes = items.flatMap((item, i) => {
    const id = collect(problems, () => parseEndpointId(item.Id, `Item[${i}].Id`));
    const change = collect(problems, () => parseEndpoint(item, { path: `Item[${i}]` }));
    return id === undefined || change === undefined ? [] : [{ id, change: { requestId, ...change } }];
  });
  refuseAny(problems);
  return writes;
}

function inItem(index: number, { path, message }: Problem): Problem {
  return { path: path === '' ? `Item[${index}]` : `Item[${index}].${path}`, message };
}

function endpointsResponse(
  appId: string,
  userId: string,
  endpoints: readonly EndpointWithUser[],
): EndpointsResponse {
  if (endpoints.length === 0) throw notFound(`user ${userId}`);
  return { Item: endpoints.map((endpoint) => endpointResponse(appId, endpoint)) };
}

function endpointResponse(appId: string, endpoint: EndpointWithUser): EndpointResponse {
  return {
    ApplicationId: appId,
    Id: endpoint.id,
    ...(endpoint.address === null ? {} : { Address: endpoint.address }),
    ...(endpoint.channelType === null ? {} : { ChannelType: endpoint.channelType as ChannelType }),
    Attributes: copied(endpoint.attributes),
    Metrics: endpoint.metrics,
    Demographic: endpoint.demographic,
    Location: endpoint.location,
    CohortId: String(endpoint.cohort),
    EffectiveDate: endpoint.effectiveDate.toISOString(),
    CreationDate: endpoint.createdAt.toISOString(),
    EndpointStatus: endpoint.status,
    OptOut: endpoint.optOut,
    ...(endpoint.requestId === null ? {} : { RequestId: endpoint.requestId }),
    User: userOf(endpoint),
  };
}

function userOf({ userId, userAttributes }: EndpointWithUser): EndpointUser {
  const UserAttributes = copied(userAttributes);
  if (userId !== null) return { UserId: userId, UserAttributes };
  return Object.keys(UserAttributes).length === 0 ? {} : { UserAttributes };
}

/** The SDK's types want lists that may be changed. */
function copied(lists: EndpointWithUser['attributes']): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, [...values]]));
}
