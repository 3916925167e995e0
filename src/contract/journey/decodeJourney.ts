import { type DecodedPayload, decodePayload } from '../model/decodePayload.ts';

/**
 * Reads a journey's JSON text as the API reads its body. A file made for the AWS CLI's `--cli-input-json`, with
 * `WriteJourneyRequest` around it, is taken too.
 * @throws RepointError BadRequest with every problem
 */
export function decodeJourney(text: string): DecodedPayload {
  return decodePayload('CreateJourney', withoutWrapper(text));
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
