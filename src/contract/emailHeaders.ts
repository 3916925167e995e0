import type { Problem } from '../domain/errors.ts';
import { shown } from './text.ts';

/** Limits of SES v2 (API reference, MessageHeader), which sends them. */
const headersMax = 15;
const nameLengthMax = 126;
const valueLengthMax = 870;

export interface GivenHeader {
  readonly Name?: string | undefined;
  readonly Value?: string | undefined;
}

/** What is wrong with a message's own headers, all of it. */
export function headerProblems(headers: readonly GivenHeader[] | undefined, path: string): Problem[] {
  if (headers === undefined) return [];
  const problems = headers.flatMap((header, index) => headerFaults(header, `${path}[${index}]`));
  if (headers.length > headersMax) {
    problems.push({ path, message: `at most ${headersMax} headers; given ${headers.length}` });
  }
  return problems;
}

function headerFaults({ Name, Value }: GivenHeader, path: string): Problem[] {
  const problems: Problem[] = [];
  if (Name === undefined || !/^[!-9;-~]+$/.test(Name) || Name.length > nameLengthMax) {
    const allowed = `1 to ${nameLengthMax} printable ASCII characters without a colon`;
    problems.push({ path: `${path}.Name`, message: `must be ${allowed}; given ${shown(Name)}` });
  }
  if (Value === undefined || /[\r\n\0]/.test(Value) || Value.length > valueLengthMax) {
    const allowed = `one line of at most ${valueLengthMax} characters`;
    problems.push({ path: `${path}.Value`, message: `must be ${allowed}; given ${shown(Value)}` });
  }
  return problems;
}
