import { decodeInput } from './decode.ts';
import { operationNamed } from './operations.ts';

/** A journey as CreateJourney's handler gets it, and what was let pass but deserves a word. */
export interface DecodedJourney {
  readonly request: unknown;
  readonly warnings: readonly string[];
}

/**
 * Reads a journey's JSON text as the API reads its body: types, enumerations and unknown members checked.
 * A file made for the AWS CLI's `--cli-input-json`, with `WriteJourneyRequest` around it, is taken too.
 * @throws RepointError BadRequest with every problem
 */
export function decodeJourney(text: string): DecodedJourney {
  const { input, warnings } = decodeInput(operationNamed('CreateJourney'), {
    labels: new Map([['ApplicationId', '-']]),
    query: [],
    body: new TextEncoder().encode(withoutWrapper(text)),
  });
  return { request: input.WriteJourneyRequest, warnings };
}

/** The journey itself, where its text has the AWS CLI's wrapper around it. */
export function withoutWrapper(text: string): string {
  try {
    const inner: unknown = JSON.parse(text)?.WriteJourneyRequest;
    return typeof inner === 'object' && inner !== null ? JSON.stringify(inner) : text;
  } catch {
    // What is no JSON is for the decoder to refuse, with the place where it stops
    return text;
  }
}
