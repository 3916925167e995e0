import { badRequest } from '../domain/errors.ts';
import type { PageKey, PageRequest } from '../domain/page.ts';

const defaultSize = 100;
const largestSize = 500;

/**
 * Reads `page-size`, which is a string in the model, and `token` or `next-token`, which is ours and opaque.
 * @throws RepointError BadRequest for a size that is no positive whole number, or a token we did not make
 */
export function parsePage(input: {
  readonly PageSize?: string | undefined;
  readonly Token?: string | undefined;
  readonly NextToken?: string | undefined;
}): PageRequest {
  // Loops that page through a list begin with an empty token
  const size = parseSize(input.PageSize);
  if (input.Token) return { size, after: parseToken('token', input.Token) };
  return { size, after: input.NextToken ? parseToken('next-token', input.NextToken) : undefined };
}

function parseSize(text: string | undefined): number {
  if (text === undefined) return defaultSize;
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size < 1) {
    throw badRequest([
      { path: 'page-size', message: `must be a whole number from 1; given ${JSON.stringify(text)}` },
    ]);
  }
  return Math.min(size, largestSize);
}

function parseToken(path: 'token' | 'next-token', token: string): PageKey {
  const [time, ...id] = Buffer.from(token, 'base64url').toString('utf8').split(' ');
  const createdAt = new Date(Number(time));
  if (time === undefined || !/^\d+$/.test(time) || id.length === 0 || Number.isNaN(createdAt.getTime())) {
    throw badRequest([{ path, message: 'is not a token that an earlier page answered' }]);
  }
  return { createdAt, id: id.join(' ') };
}

/**
 * Cuts a page from rows that were read one beyond its size, newest first, and makes the token of the next.
 * @returns the members of Pinpoint's list responses; `NextToken` only when there is more
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  page: PageRequest,
  keyOf: (row: Row) => PageKey,
  itemOf: (row: Row) => Item,
): { Item: Item[]; NextToken?: string } {
  const items = rows.slice(0, page.size);
  const last = items.at(-1);
  const more = rows.length > page.size && last !== undefined;
  return { Item: items.map(itemOf), ...(more ? { NextToken: tokenOf(keyOf(last)) } : {}) };
}

function tokenOf(key: PageKey): string {
  return Buffer.from(`${key.createdAt.getTime()} ${key.id}`, 'utf8').toString('base64url');
}
