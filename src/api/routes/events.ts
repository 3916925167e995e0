import type { ItemResponse } from '@aws-sdk/client-pinpoint';
import { parseEndpointId } from '../../contract/endpoint.ts';
import { badRequest, type RepointError } from '../../domain/errors.ts';
import { type BatchOutcome, putEvents } from '../../ingest/events/putEvents.ts';
import type { Handlers } from '../handler.ts';

const MOST_EVENTS = 100;

export const eventHandlers = {
  PutEvents: async (input, { deps }) => {
    const items = Object.entries(input.EventsRequest?.BatchItem ?? {});
    const count = items.reduce((sum, [, item]) => sum + Object.keys(item.Events ?? {}).length, 0);
    if (count > MOST_EVENTS) {
      throw badRequest([
        { path: 'BatchItem', message: `has ${count} events; at most ${MOST_EVENTS} are allowed` },
      ]);
    }
    const batches = items.map(([endpointId, item]) => ({
      endpointId: parseEndpointId(endpointId, 'BatchItem'),
      endpoint: item.Endpoint ?? {},
      events: item.Events ?? {},
    }));
    const outcomes = await putEvents(deps, input.ApplicationId ?? '', batches);
    const results = batches.map((batch, index): [string, ItemResponse] => [
      batch.endpointId,
      itemResponse(outcomes[index]),
    ]);
    return { EventsResponse: { Results: Object.fromEntries(results) } };
  },
} satisfies Handlers;

function itemResponse(outcome: BatchOutcome | undefined): ItemResponse {
  return {
    EndpointItemResponse: verdict(outcome?.endpoint ?? null),
    EventsItemResponse: Object.fromEntries(
      [...(outcome?.events ?? [])].map(([eventId, refusal]) => [eventId, verdict(refusal)]),
    ),
  };
}

function verdict(refusal: RepointError | null): { StatusCode: number; Message: string } {
  return refusal === null
    ? { StatusCode: 202, Message: 'Accepted' }
    : { StatusCode: 400, Message: refusal.message };
}
