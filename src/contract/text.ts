/**
 * Why a text cannot be kept: Postgres takes neither NUL nor lone surrogates, though JSON carries both.
 * `undefined` when it can.
 */
export function textProblem(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain the character \\u0000';
  if (!text.isWellFormed()) return 'must not contain a lone surrogate';
  return undefined;
}

/** A value for an error message: JSON, cut to what a person reads. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return (text.length > 80 ? `${text.slice(0, 80)}…` : text).toWellFormed();
}
