import { RepointError } from '../domain/errors.ts';

/** What a template reaches: text, numbers, lists of text and nested groups of these, all without prototypes. */
export interface Variables {
  readonly [name: string]: Variable;
}
export type Variable = string | number | readonly string[] | Variables | undefined;

/** Values as they come: JSON, rows, substitutions. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Builds the variables of one recipient. Later layers win, group by group and name by name; what a layer lacks (absent,
 * null, an empty list) shows through from the one before. A dotted name (`User.UserAttributes.FirstName`) also means
 * the nested variable.
 */
export function layered(layers: readonly Given[]): Variables {
  const result = emptyGroup();
  for (const layer of layers) mergeInto(result, layer, expandDotted);
  return result;
}

type Group = Record<string, Variable>;

/** No name leads to anything here; a group that is named without a member (`{{User}}`) renders as nothing. */
const nothing: object = Object.freeze(Object.create(null, { [Symbol.toPrimitive]: { value: () => '' } }));

function emptyGroup(): Group {
  return Object.create(nothing);
}

type Place = (target: Group, name: string, value: unknown) => void;

function mergeInto(target: Group, layer: Given, place: Place): void {
  for (const [name, value] of Object.entries(layer)) {
    if (value !== null && value !== undefined) place(target, name, value);
  }
}

function expandDotted(target: Group, name: string, value: unknown): void {
  set(target, name, value);
  const path = name.split('.');
  const last = path.pop();
  if (path.length === 0 || last === undefined || path.includes('')) return;
  let group = target;
  for (const part of path) group = groupAt(group, part);
  set(group, last, value);
}

/** Names inside a group are taken as they are: an attribute may have a dot in its name. */
function set(target: Group, name: string, value: unknown): void {
  if (Array.isArray(value)) {
    if (value.length > 0) target[name] = value.map(String);
  } else if (typeof value === 'object' && value !== null) {
    mergeInto(groupAt(target, name), value as Given, set);
  } else {
    target[name] = typeof value === 'number' ? value : String(value);
  }
}

function groupAt(target: Group, name: string): Group {
  const present = target[name];
  if (typeof present === 'object' && !Array.isArray(present)) return present as Group;
  const group = emptyGroup();
  target[name] = group;
  return group;
}

/** The same variables with every text written as the inside of a JSON string, for a payload that is JSON itself. */
export function asJsonText(variables: Variables): Variables {
  const result = emptyGroup();
  for (const [name, refusal] of refusals(variables)) Object.defineProperty(result, name, refusal);
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value === 'string') result[name] = jsonText(value);
    else if (Array.isArray(value)) result[name] = value.map(jsonText);
    else if (typeof value === 'object') result[name] = asJsonText(value as Variables);
    else result[name] = value;
  }
  return result;
}

/** Variables that fail whoever shows them: not enumerable, and found by their getters. */
function refusals(variables: Variables): [string, PropertyDescriptor][] {
  const all = Object.entries(Object.getOwnPropertyDescriptors(variables));
  return all.filter(([, descriptor]) => descriptor.get !== undefined);
}

function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/**
 * Adds `repoint.unsubscribeUrl` to variables that nobody else has yet. A template that shows it where there is none must
 * not go out with a link that leads nowhere: it fails.
 */
export function withUnsubscribeUrl(
  variables: Variables,
  link: { url: string } | { problem: string },
): Variables {
  const group = emptyGroup();
  if ('url' in link) group.unsubscribeUrl = link.url;
  else Object.defineProperty(group, 'unsubscribeUrl', { get: () => refuse(link.problem) });
  return Object.assign(variables, { repoint: group });
}

function refuse(problem: string): never {
  throw new RepointError('BadRequest', `repoint.unsubscribeUrl: ${problem}`);
}

/** The length of the longest text among variables; a list counts as it is shown. */
export function longestText(variable: Variable): number {
  if (typeof variable === 'string') return variable.length;
  if (Array.isArray(variable)) return variable.reduce<number>((sum, item) => sum + item.length + 1, 0);
  if (typeof variable !== 'object') return 0;
  return Object.values(variable).reduce<number>((longest, one) => Math.max(longest, longestText(one)), 0);
}
