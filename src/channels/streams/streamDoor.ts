import type { StreamDestination } from '../../domain/stream/destination.ts';

/** One record on its way to the far end. */
export interface StreamItem {
  /** Its place in the stream; the same when it is sent again. */
  readonly id: string;
  /** The endpoint: items of one key arrive in order. */
  readonly key: string;
  /** JSON and a line end. */
  readonly bytes: Uint8Array;
}

/** What a call came to. */
export interface StreamAnswer {
  /** Ids of the items that the far end has. */
  readonly taken: ReadonlySet<string>;
  /** Why it did not take the others; null where it has all. */
  readonly failure: string | null;
  /** It will never take this call as it is: it says that something in it is too large or malformed. */
  readonly isUnfit: boolean;
}

/** The way to one far end. */
export interface StreamDoor {
  readonly limits: {
    readonly records: number;
    readonly bytes: number;
    /** Of one item; a longer one can never be sent. */
    readonly recordBytes: number;
  };
  /** Takes all items of a call or none, in their order, so that items of one key may share a call. */
  readonly isAtomic: boolean;
  /** One call; never throws and takes no longer than a provider call may. */
  put(items: readonly StreamItem[]): Promise<StreamAnswer>;
}

/** Opens the way to a destination. */
export type OpenStream = (appId: string, destination: StreamDestination) => StreamDoor;

/** The answer of a far end that has everything. */
export function allTaken(items: readonly StreamItem[]): StreamAnswer {
  return { taken: new Set(items.map((item) => item.id)), failure: null, isUnfit: false };
}

/** The answer of one that took nothing. */
export function nothingTaken(failure: string, isUnfit = false): StreamAnswer {
  return { taken: new Set(), failure, isUnfit };
}
