import { createHash } from 'node:crypto';
import { type RequestTarget, splitQuery } from './requestTarget.ts';
import { percentDecode } from './router.ts';

/** A request exactly as it came: nothing decoded, merged or normalised. */
export interface RawRequest {
  readonly method: string;
  readonly target: RequestTarget;
  /** Name, value, name, value … as Node gives them. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
}

/**
 * The canonical requests of Signature Version 4 that a client may have signed: with each segment of the path
 * encoded once more, as AWS's clients do; or with the path as it came, as curl does, where it holds no `%`
 * (otherwise a signed `a%2Fb` could be sent again as `a%252Fb`).
 */
export function canonicalRequests(request: RawRequest, signedHeaders: readonly string[]): string[] {
  const { rawPath, rawQuery } = request.target;
  const encodedPath = rawPath.split('/').map(encodeStrictly).join('/');
  const paths = rawPath.includes('%') || rawPath === encodedPath ? [encodedPath] : [encodedPath, rawPath];
  const rest = [
    canonicalQuery(rawQuery),
    ...signedHeaders.map((name) => `${name}:${headerValues(request, name).map(collapse).join(',')}`),
    '',
    signedHeaders.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  return paths.map((path) => `${request.method}\n${path}\n${rest}`);
}

/** Every value of a header, in order; the name in lower case. */
export function headerValues(request: RawRequest, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === name) values.push(request.rawHeaders[index + 1] ?? '');
  }
  return values;
}

function canonicalQuery(rawQuery: string): string {
  return splitQuery(rawQuery)
    .map(([key, value]) => [encodeOnce(key), encodeOnce(value)] as const)
    .sort(([keyA, valueA], [keyB, valueB]) => compare(keyA, keyB) || compare(valueA, valueB))
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Encodes what may or may not be encoded already; a broken escape stays as it is and matches no signature. */
function encodeOnce(text: string): string {
  const decoded = percentDecode(text);
  return decoded === undefined ? text : encodeStrictly(decoded);
}

/** RFC 3986: `encodeURIComponent` leaves five characters that the signature encodes. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function collapse(value: string): string {
  return value.trim().replaceAll(/ +/g, ' ');
}
