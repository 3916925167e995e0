/**
 * A text as it can be kept and sent: Postgres takes neither NUL nor half a character (a lone surrogate), though JSON
 * carries both. For text whose author cannot be told to mend it; each stands as U+FFFD then.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
