import { RepointError } from '../../domain/errors.ts';

const timeoutMs = 5_000;
const lengthMax = 64 * 1024;

/** Gets a small text from an address that was checked by the caller; follows no redirect. */
export type FetchText = (url: URL) => Promise<string>;

/** @throws RepointError Unavailable: SNS will try again */
export const fetchText: FetchText = async (url) => {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    if (!response.ok || text.length > lengthMax) throw new Error(`answered ${response.status}`);
    return text;
  } catch (cause) {
    throw new RepointError('Unavailable', `Could not get ${url.origin}${url.pathname}`, { cause });
  }
};
