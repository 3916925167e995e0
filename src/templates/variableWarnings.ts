import { demographicFields } from '../domain/endpoint/endpoint.ts';
import type { Given, Variables } from './variables.ts';
import type { VariableUse } from './variablesIn.ts';

/** Every name at the top that a message may have, and what stands below where that is fixed. */
const names: Readonly<Record<string, readonly string[] | null>> = {
  Address: [],
  ChannelType: [],
  Id: [],
  OptOut: [],
  EndpointStatus: [],
  CohortId: [],
  EffectiveDate: [],
  CreationDate: [],
  RequestId: [],
  Attributes: null,
  Metrics: null,
  Demographic: demographicFields,
  Location: ['City', 'Country', 'Latitude', 'Longitude', 'PostalCode', 'Region'],
  User: ['UserId', 'UserAttributes'],
  Event: ['Type', 'Timestamp', 'Attributes', 'Metrics'],
  Answers: null,
  repoint: ['unsubscribeUrl'],
};

/** Known only when a journey sends the message. */
const ofJourneys = new Set(['Event', 'Answers']);

/**
 * What a preview has to say of the variables of a template: names that no message has, and values that this endpoint lacks.
 * @param defaults DefaultSubstitutions: they may define names of their own
 */
export function variableWarnings(
  uses: readonly VariableUse[],
  variables: Variables,
  defaults: Given,
): string[] {
  return uses.flatMap(({ path, mayBeMissing }) => {
    const shown = `{{${path.map(segment).join('.')}}}`;
    if (!isKnown(path) && !isDefault(path, defaults)) {
      return [`${shown}: no message has it; it renders as nothing, unless Substitutions give it`];
    }
    const [root = ''] = path;
    if (root === 'repoint' || mayBeMissing || hasValue(path, variables)) return [];
    const why = ofJourneys.has(root) ? 'is known only when a journey sends it' : 'has no value here';
    return [`${shown}: ${why}, and no default; it renders as nothing`];
  });
}

function segment(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? name : `[${name}]`;
}

function isKnown([root = '', member]: readonly string[]): boolean {
  const members = Object.hasOwn(names, root) ? names[root] : undefined;
  if (members === undefined) return false;
  return members === null || member === undefined || members.length === 0 || members.includes(member);
}

function isDefault(path: readonly string[], defaults: Given): boolean {
  const [root = ''] = path;
  return Object.keys(defaults).some((name) => name === root || name.startsWith(`${root}.`));
}

function hasValue(path: readonly string[], variables: Variables): boolean {
  let value: unknown = variables;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as Record<string, unknown>)[part];
  }
  return value !== undefined && value !== '';
}
