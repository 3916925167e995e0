import { type Problem, refuseAny } from '../domain/errors.ts';
import { shown } from './text.ts';

export type Tags = Readonly<Record<string, string>>;

/** Pinpoint's limits on tags: AWS documentation, "Tagging Amazon Pinpoint resources". */
const tagCountMax = 50;
const keyLengthMax = 128;
const valueLengthMax = 256;

/**
 * Checks the tags a resource would then have.
 * @throws RepointError BadRequest with every tag that is over a limit
 */
export function checkTags(tags: Tags): Tags {
  refuseAny(tagsProblems(tags));
  return tags;
}

/** Every tag that is over a limit, and too many of them. */
export function tagsProblems(tags: Tags): Problem[] {
  const problems: Problem[] = Object.entries(tags).flatMap(([key, value]) => tagProblems(key, value));
  const count = Object.keys(tags).length;
  if (count > tagCountMax) {
    problems.push({ path: 'tags', message: `at most ${tagCountMax} tags; given ${count}` });
  }
  return problems;
}

function tagProblems(key: string, value: string): Problem[] {
  const path = `tags.${key}`;
  const faults: string[] = [];
  if (key.length < 1 || key.length > keyLengthMax) {
    faults.push(`the key must have 1 to ${keyLengthMax} characters; given ${shown(key)}`);
  }
  if (key.toLowerCase().startsWith('aws:')) faults.push('keys that begin with aws: are reserved');
  if (value.length > valueLengthMax) {
    faults.push(`the value must have at most ${valueLengthMax} characters; given ${value.length}`);
  }
  return faults.map((message) => ({ path, message }));
}
