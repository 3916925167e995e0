import { decodeSimple, type Findings } from './decodeValue.ts';
import type { Member } from './shapes.ts';

/** One `key=value` of a query string, percent-decoded. */
export type QueryPair = readonly [key: string, value: string];

/** The value of a query member: repeated keys make a list, otherwise the last one counts. */
export function decodeQuery(member: Member, query: readonly QueryPair[], findings: Findings): unknown {
  const values = query.filter(([key]) => key === member.wireName).map(([, value]) => value);
  const last = values.at(-1);
  if (last === undefined) {
    if (member.required) findings.problems.push({ path: member.wireName, message: 'is required' });
    return undefined;
  }
  if (member.shape.kind === 'list') {
    const { element } = member.shape;
    return values.map((value, index) => decodeText(element, value, `${member.wireName}[${index}]`, findings));
  }
  return decodeText(member.shape, last, member.wireName, findings);
}

/** A query string knows only text: booleans and numbers are read from it first. */
function decodeText(shape: Member['shape'], text: string, path: string, findings: Findings): unknown {
  if (shape.kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return decodeSimple(shape, text, path, findings);
}
