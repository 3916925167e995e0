import { readFileSync } from 'node:fs';

/** Markers around the part of a document that a program writes. */
export interface GeneratedPart {
  readonly file: string;
  readonly opening: string;
  readonly closing: string;
}

/**
 * A document as it stands, and with its generated part written anew.
 * @throws Error when the document lacks the markers
 */
export function withPart({ file, opening, closing }: GeneratedPart, part: string) {
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(opening);
  const end = text.indexOf(closing, start);
  if (start < 0 || end < 0) throw new Error(`${file} lacks the markers "${opening}" and "${closing}"`);
  return { text, fresh: `${text.slice(0, start + opening.length)}\n\n${part}\n\n${text.slice(end)}` };
}
