import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { allTaken, nothingTaken, type StreamDoor } from './streamDoor.ts';

const limits = { records: 500, bytes: 4_000_000, recordBytes: 1_000_000 };

/** A file that stands for a stream at AWS, a record a line. */
export function fileStream(file: string): StreamDoor {
  return {
    limits,
    isAtomic: true,
    put: async (items) => {
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await appendFile(file, Buffer.concat(items.map((item) => item.bytes)));
        return allTaken(items);
      } catch (error) {
        return nothingTaken(error instanceof Error ? error.message : String(error));
      }
    },
  };
}
