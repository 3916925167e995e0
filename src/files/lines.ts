import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RepointError } from '../domain/errors.ts';

/** A line with its number, counted from 1; `problem` instead of the text where it could not be read. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: string };

export interface LineOptions {
  /** Lines that are already done and are passed over. */
  readonly skip?: number;
  /** A longer line is one failed line and takes no memory. */
  readonly maximumBytes?: number;
}

const newline = 0x0a;
const gzipMagic = [0x1f, 0x8b];

/**
 * The lines of a file, plain or gzip (told by its first bytes, whatever its name), in UTF-8, ended by LF or CRLF. Memory stays
 * within a chunk and a line. Ending the loop early closes the source.
 * @throws RepointError BadRequest when gzip data is broken; errors of the source as they are
 */
export async function* readLines(
  source: Readable,
  { skip = 0, maximumBytes = 256 * 1024 }: LineOptions = {},
): AsyncGenerator<Line> {
  let number = 0;
  const current = new LineBuffer(maximumBytes);
  try {
    for await (const chunk of plainBytes(source)) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        number += 1;
        if (number > skip) {
          current.add(chunk.subarray(start, end));
          yield current.take(number);
        }
        start = end + 1;
      }
      if (number >= skip) current.add(chunk.subarray(start));
    }
    if (!current.isEmpty) yield current.take(number + 1);
  } finally {
    source.destroy();
  }
}

/** The bytes of one line as they arrive in chunks. */
class LineBuffer {
  readonly #maximumBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maximumBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  take(number: number): Line {
    const tooLong = this.#bytes > this.#maximumBytes;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    if (tooLong) return { number, problem: `The line is longer than ${this.#maximumBytes} bytes` };
    return decode(number, bytes);
  }
}

// A byte order mark at the start of the file is dropped by the decoder.
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(number: number, bytes: Uint8Array): Line {
  try {
    const text = utf8.decode(bytes);
    return { number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  } catch {
    return { number, problem: 'The line is not valid UTF-8' };
  }
}

async function* plainBytes(source: Readable): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const head = await firstBytes(chunks);
  const whole = startingWith(head, chunks);
  if (gzipMagic.every((byte, index) => head[index] === byte)) yield* unzipped(whole);
  else yield* whole;
}

/** Enough of the file to know its kind; less only when the file is that short. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < gzipMagic.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* startingWith(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Its errors come out of the iteration below; the callback is there because pipeline asks for one.
  const gunzip = pipeline(chunks, createGunzip(), () => {});
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw isZlibError(error) ? new RepointError('BadRequest', 'The gzip data is broken or cut short') : error;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
