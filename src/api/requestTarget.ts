import type { QueryPair } from '../contract/model/decodeQuery.ts';
import { badRequest } from '../domain/errors.ts';
import { percentDecode } from './router.ts';

/** A request target as it came over the wire, split but not decoded. */
export interface RequestTarget {
  readonly rawPath: string;
  readonly rawQuery: string;
}

/** Splits at the first `?`; without one the query is empty. */
export function splitTarget(target: string): RequestTarget {
  const mark = target.indexOf('?');
  if (mark < 0) return { rawPath: target, rawQuery: '' };
  return { rawPath: target.slice(0, mark), rawQuery: target.slice(mark + 1) };
}

/**
 * Clients sign the ids `.` and `..` with the path collapsed and send them as they are: no reading of such a
 * path can be trusted to be what was signed.
 */
export function hasDotSegment(rawPath: string): boolean {
  return rawPath.split('/').some((segment) => segment === '.' || segment === '..');
}

/** Whether a segment of a path is empty, as where a client had no id to put there. */
export function hasEmptySegment(rawPath: string): boolean {
  return rawPath.slice(1).split('/').includes('');
}

/**
 * The pairs of a query string.
 * @throws RepointError BadRequest when one is not percent-encoded UTF-8
 */
export function parseQuery(rawQuery: string): QueryPair[] {
  return splitQuery(rawQuery).map(([rawKey, rawValue]) => {
    const key = percentDecode(rawKey);
    const value = percentDecode(rawValue);
    if (key === undefined || value === undefined) {
      throw badRequest([{ path: 'query string', message: 'not percent-encoded UTF-8' }]);
    }
    return [key, value];
  });
}

/** The pairs of a query string as they came, still encoded. */
export function splitQuery(rawQuery: string): [key: string, value: string][] {
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const mark = pair.indexOf('=');
      return mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
    });
}
