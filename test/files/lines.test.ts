import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, type LineOptions, readLines } from '../../src/files/lines.ts';

async function read(chunks: Iterable<Uint8Array>, options?: LineOptions): Promise<Line[]> {
  return await collect(Readable.from(chunks), options);
}

async function collect(source: Readable, options?: LineOptions): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(source, options)) lines.push(line);
  return lines;
}

function chunked(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

const texts = (lines: Line[]) => lines.map((line) => ('text' in line ? line.text : line.problem));

it('finds the same lines however the bytes are cut, plain or gzip, ended by LF or CRLF', async () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\uFEFF]/g, ''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1 }),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      async (lines, size, zipped, end) => {
        const plain = Buffer.from(lines.map((text) => text + end).join(''));
        const found = await read(chunked(zipped ? gzipSync(plain) : plain, size));
        expect(found).toEqual(lines.map((text, index) => ({ number: index + 1, text })));
      },
    ),
    { numRuns: 60 },
  );
});

it('reads a last line without a newline, and an empty file as no line', async () => {
  expect(texts(await read([Buffer.from('a\nb')]))).toEqual(['a', 'b']);
  expect(await read([])).toEqual([]);
});

it('goes on after the lines that are done, with their numbers', async () => {
  const file = [Buffer.from('a\nb\nc\nd')];
  expect(await read(file, { skip: 2 })).toEqual([
    { number: 3, text: 'c' },
    { number: 4, text: 'd' },
  ]);
  expect(await read(file, { skip: 4 })).toEqual([]);
});

it('drops a byte order mark', async () => {
  expect(texts(await read([Buffer.from('\uFEFFa\nb\n')]))).toEqual(['a', 'b']);
});

it('fails only the line that is not UTF-8', async () => {
  const lines = await read([Buffer.from('a\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('c\n')]);
  expect(lines).toEqual([
    { number: 1, text: 'a' },
    { number: 2, problem: 'The line is not valid UTF-8' },
    { number: 3, text: 'c' },
  ]);
});

it('fails only the line that is too long, without keeping it', async () => {
  const lines = await read([Buffer.from('a\n'), Buffer.from('x'.repeat(90)), Buffer.from('x\nc\n')], {
    maximumBytes: 64,
  });
  expect(lines).toEqual([
    { number: 1, text: 'a' },
    { number: 2, problem: 'The line is longer than 64 bytes' },
    { number: 3, text: 'c' },
  ]);
});

describe('a source', () => {
  it('is closed when the reader stops early', async () => {
    const source = Readable.from(Array.from({ length: 100 }, () => gzipSync('a\nb\n')));
    for await (const line of readLines(source)) if (line.number === 3) break;
    expect(source.destroyed).toBe(true);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ['broken', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(40, 7)])],
  ])('of gzip that is %s is a bad request', async (_, damage) => {
    const zipped = gzipSync(Array.from({ length: 500 }, (_, index) => `line ${index * 7919}\n`).join(''));
    await expect(read([damage(zipped)])).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it.each([false, true])('that breaks passes its own error on (gzip %s)', async (zipped) => {
    const failing = Readable.from(
      (async function* () {
        yield zipped ? gzipSync('a\n').subarray(0, 15) : Buffer.from('a\n');
        throw new Error('connection lost');
      })(),
    );
    await expect(collect(failing)).rejects.toThrow('connection lost');
  });
});
