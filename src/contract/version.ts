/** Versions count from 1; what has more digits than a column holds can be none. */
export const versionForm = /^[1-9]\d{0,8}$/;

/**
 * Reads a version as the API writes it.
 * @returns its number; undefined where none is named; null for what can be no version
 */
export function parseVersion(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  return versionForm.test(text) ? Number(text) : null;
}
