import { refuseAny } from '../../domain/errors.ts';
import { parseBody } from '../json.ts';
import { textProblem } from '../text.ts';
import { decodeQuery, type QueryPair } from './decodeQuery.ts';
import { decodeValue, type Findings } from './decodeValue.ts';
import type { Operation } from './operations.ts';
import type { Member } from './shapes.ts';

/** A request taken apart by the router: labels and query already percent-decoded, the body as it came. */
export interface WireRequest {
  readonly labels: ReadonlyMap<string, string>;
  readonly query: readonly QueryPair[];
  readonly body: Uint8Array;
}

/** The SDK's input of the operation, and what was let pass but deserves a word. */
export interface Decoded {
  readonly input: Record<string, unknown>;
  readonly warnings: readonly string[];
}

/**
 * Reads a request by the operation's schema. The content type is ignored, as some clients send a form's.
 * Paths of problems are those of the document sent (`Activities.Check.Wait`), without the payload's name.
 * @throws RepointError BadRequest with every problem found
 */
export function decodeInput(operation: Operation, request: WireRequest): Decoded {
  const findings: Findings = { problems: [], warnings: [] };
  const input: Record<string, unknown> = {};
  for (const member of operation.input.members) {
    const value = decodeMember(member, request, findings);
    if (value !== undefined) input[member.name] = value;
  }
  refuseAny(findings.problems);
  return { input, warnings: findings.warnings };
}

function decodeMember(member: Member, request: WireRequest, findings: Findings): unknown {
  switch (member.location) {
    case 'path':
      return decodeLabel(member, request, findings);
    case 'query':
      return decodeQuery(member, request.query, findings);
    case 'payload':
      return decodeValue(member.shape, parseBody(request.body), '', findings);
    case 'body':
      throw new Error(`${member.name}: the model has no bodies but payloads`);
  }
}

function decodeLabel(member: Member, request: WireRequest, findings: Findings): unknown {
  const value = request.labels.get(member.name);
  const fault = value === undefined ? 'is required' : textProblem(value);
  if (fault !== undefined) findings.problems.push({ path: member.name, message: fault });
  return value;
}
