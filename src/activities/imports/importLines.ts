import { type ImportLine, parseImportLine } from '../../contract/importLine.ts';
import { advancePiece, recordFailures } from '../../db/imports/importPieces.ts';
import type { Deps } from '../../deps.ts';
import { isUserFault, RepointError } from '../../domain/errors.ts';
import type { Line } from '../../files/lines.ts';
import { putEndpoints } from '../../ingest/endpoints/putEndpoint.ts';
import type { ImportPieceId } from './importActivities.ts';

/** Lines settled in one transaction: few enough that other writers of the same people wait for milliseconds. */
const linesPerSlice = 100;

/** Lines `from` (exclusive) to `to`; blank ones are neither endpoints nor failures. */
interface Slice {
  readonly from: number;
  to: number;
  readonly endpoints: (ImportLine & { readonly line: number })[];
  readonly failures: Failure[];
}

interface Failure {
  readonly line: number;
  readonly message: string;
}

/**
 * Stores the endpoints of a file, slice by slice: each with the number of its last line, so that whoever goes on after a
 * crash repeats nothing and skips nothing.
 * @throws RepointError Unavailable when another attempt has taken the piece over; the signal's reason when `stop` fires,
 * between slices
 */
export async function importLines(
  deps: Deps,
  id: ImportPieceId,
  { lines, done, stop }: { lines: AsyncIterable<Line>; done: number; stop: AbortSignal },
): Promise<void> {
  let slice = sliceAfter(done);
  for await (const line of lines) {
    addLine(slice, line, id.appId);
    if (slice.to - slice.from < linesPerSlice) continue;
    await settle(deps, id, slice);
    stop.throwIfAborted();
    slice = sliceAfter(slice.to);
  }
  if (slice.to > slice.from) await settle(deps, id, slice);
}

function sliceAfter(line: number): Slice {
  return { from: line, to: line, endpoints: [], failures: [] };
}

function addLine(slice: Slice, line: Line, appId: string): void {
  slice.to = line.number;
  if ('problem' in line) slice.failures.push({ line: line.number, message: line.problem });
  else if (line.text.trim() !== '') addEndpoint(slice, line.number, line.text, appId);
}

function addEndpoint(slice: Slice, line: number, text: string, appId: string): void {
  try {
    slice.endpoints.push({ line, ...parseImportLine(text, appId) });
  } catch (error) {
    if (!isUserFault(error)) throw error;
    slice.failures.push({ line, message: error.message });
  }
}

/** One transaction: the endpoints, the lines that failed and how far the file has come. */
async function settle(
  deps: Deps,
  id: ImportPieceId,
  { from, to, endpoints, failures }: Slice,
): Promise<void> {
  const now = await deps.clock.now();
  const writes = endpoints.map(({ endpointId, change }) => ({ id: endpointId, change }));
  await deps.db.transaction().execute(async (tx) => {
    const refusals = await putEndpoints(tx, id.appId, writes, now);
    const refused = endpoints.flatMap(({ line }, index) => {
      const refusal = refusals[index];
      return refusal ? [{ line, message: refusal.message }] : [];
    });
    const failed = [...failures, ...refused].sort((a, b) => a.line - b.line);
    const counts = { processed: endpoints.length + failures.length, failed: failed.length };
    if (!(await advancePiece(tx, id, { from, to, ...counts })))
      throw new RepointError('Unavailable', 'Another attempt has taken this piece over');
    await recordFailures(tx, id, failed);
  });
}
