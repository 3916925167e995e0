import { parseEndpoint } from '../../contract/endpoint.ts';
import { parseEvent } from '../../contract/event.ts';
import type { Deps } from '../../deps.ts';
import type { EndpointChange } from '../../domain/endpoint/endpoint.ts';
import { RepointError } from '../../domain/errors.ts';
import { putEndpoints } from '../endpoints/putEndpoint.ts';
import type { IncomingEvent } from './event.ts';
import { recordEvents } from './recordEvents.ts';

/** What an app reports of one endpoint: changes to it, and events by their ids. */
export interface ReportedBatch {
  readonly endpointId: string;
  readonly endpoint: object;
  readonly events: Readonly<Record<string, unknown>>;
}

/** Why the endpoint, and each event by its id, was refused; null where it was taken. */
export interface BatchOutcome {
  readonly endpoint: RepointError | null;
  readonly events: ReadonlyMap<string, RepointError | null>;
}

/**
 * Stores what apps report, in one transaction: the endpoints' changes, then the events. One that is bad is refused by
 * itself and hinders none of the others.
 */
export async function putEvents(
  deps: Pick<Deps, 'db' | 'clock'>,
  appId: string,
  batches: readonly ReportedBatch[],
): Promise<BatchOutcome[]> {
  const now = await deps.clock.now();
  const parsed = batches.map(parseBatch);
  const writes = parsed.filter((batch) => Object.keys(batch.change).length > 0);
  const refusals = await deps.db.transaction().execute(async (tx) => {
    const answers = await putEndpoints(
      tx,
      appId,
      writes.map(({ endpointId, change }) => ({ id: endpointId, change })),
      now,
    );
    await recordEvents(
      tx,
      appId,
      parsed.flatMap((batch) => batch.good),
      now,
    );
    return answers;
  });
  return parsed.map((batch) => ({
    endpoint: batch.refusal ?? refusals[writes.indexOf(batch)] ?? null,
    events: batch.verdicts,
  }));
}

interface ParsedBatch {
  readonly endpointId: string;
  readonly change: EndpointChange;
  readonly refusal: RepointError | null;
  readonly good: readonly IncomingEvent[];
  readonly verdicts: ReadonlyMap<string, RepointError | null>;
}

function parseBatch({ endpointId, endpoint, events }: ReportedBatch): ParsedBatch {
  const good: IncomingEvent[] = [];
  const verdicts = new Map<string, RepointError | null>();
  for (const [eventId, event] of Object.entries(events)) {
    const [parsed, refusal] = attempt(() => parseEvent(event));
    verdicts.set(eventId, refusal);
    if (parsed) good.push({ ...parsed, endpointId, eventId });
  }
  const [change, refusal] = attempt(() => parseEndpoint(endpoint));
  return { endpointId, change: change ?? {}, refusal, good, verdicts };
}

/** What a parser answers, or why it refuses. */
function attempt<T>(parse: () => T): [T, null] | [null, RepointError] {
  try {
    return [parse(), null];
  } catch (error) {
    if (error instanceof RepointError) return [null, error];
    throw error;
  }
}
