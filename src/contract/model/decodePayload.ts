import { decodeInput } from './decode.ts';
import { type OperationName, operationNamed } from './operations.ts';

/** A request's document as the operation's handler gets it, and what was let pass but deserves a word. */
export interface DecodedPayload {
  readonly payload: unknown;
  readonly warnings: readonly string[];
}

/**
 * Reads the JSON text of a request that does not come over HTTP as the API reads a body: types, enumerations and
 * unknown members checked.
 * @param ids of the request's path, checked where they are given
 * @throws RepointError BadRequest with every problem
 */
export function decodePayload(
  name: OperationName,
  text: string,
  ids: Readonly<Record<string, string>> = {},
): DecodedPayload {
  const operation = operationNamed(name);
  const labels = operation.input.members.filter((member) => member.location === 'path');
  const { input, warnings } = decodeInput(operation, {
    labels: new Map(labels.map((member) => [member.name, ids[member.name] ?? '-'])),
    query: [],
    body: new TextEncoder().encode(text),
  });
  return { payload: input[operation.inputPayload?.name ?? ''], warnings };
}
