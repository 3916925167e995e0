import { badRequest, type Problem } from '../domain/errors.ts';
import { storable } from '../domain/storable.ts';

/**
 * A request's body as JSON. An empty body is an empty object, so that the error names the members that are missing.
 * @throws RepointError BadRequest for invalid UTF-8 or JSON; the text of the body is not repeated
 */
export function parseBody(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  const text = decodeUtf8(body);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest([bodyProblem(`not valid JSON (${jsonFault(error)})`)]);
  }
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest([bodyProblem('not valid UTF-8')]);
  }
}

/** Why a text is no JSON; the text is not repeated. Undefined where it is. */
export function whyNoJson(text: string): string | undefined {
  if (text.trim() === '') return 'empty';
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `not valid JSON (${jsonFault(error)})`;
  }
}

/** Where the parser stopped, without the excerpt of the body that it quotes. */
function jsonFault(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
  return (
    place ?? (message.includes('end of JSON') ? 'it ends too early' : 'a character that cannot stand there')
  );
}

function bodyProblem(message: string): Problem {
  return { path: 'request body', message };
}

/** What JSON writes for NUL and for surrogates. */
const unstorable = /\\u(0000|d[89a-f])/i;

/** JSON of a sender who may send anything, its texts as they can be kept; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return unstorable.test(text) || !text.isWellFormed()
      ? JSON.parse(text, (_, value: unknown) => storableValue(value))
      : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), member]));
}
