import type { EntryTrace as StoredEntry, Trace } from '../db/journeys/trace.ts';
import type { OwnApi } from './ownApi.ts';

/** What JSON makes of a value: times become ISO 8601 text. */
export type AsJson<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly AsJson<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: AsJson<T[K]> }
      : T;

/** A person's trace as it comes over HTTP. */
export interface JourneyTrace extends Omit<AsJson<Trace>, 'Entries'> {
  readonly Entries: readonly TracedEntry[];
}

export interface TracedEntry extends AsJson<StoredEntry> {
  /** Null where the Web UI's address is not known. */
  readonly WebUi: string | null;
}

/** Somebody by their user id, or by one of their endpoints. */
export type TracedPerson = { readonly user: string } | { readonly endpoint: string };

/**
 * One person's way through a journey, as Repoint tells it.
 * @throws RepointError Conflict with what the API answered
 */
export function readTrace(
  api: OwnApi,
  { appId, journeyId }: { readonly appId: string; readonly journeyId: string },
  person: TracedPerson,
): Promise<JourneyTrace> {
  const query = new URLSearchParams({ ...person });
  return api.own('GET', `/repoint/v1/apps/${appId}/journeys/${journeyId}/trace?${query}`);
}
