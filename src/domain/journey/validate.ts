import { checkActivity } from './checkActivity.ts';
import { checkConditions } from './checkConditions.ts';
import { checkEntry } from './checkEntry.ts';
import { checkLimits } from './checkLimits.ts';
import { checkTimes } from './checkTimes.ts';
import type { JourneyDocument } from './document.ts';
import { type Finding, finding } from './finding.ts';
import {
  type Activities,
  type Edge,
  edgesOf,
  edgesThatCloseCycles,
  possibleStarts,
  reachableFrom,
} from './graph.ts';
import { kindsOf } from './steps.ts';

/** As many steps as Pinpoint lets a journey have. */
export const MOST_STEPS = 40;

const always = finding('always');
const publish = finding('publish');
const warning = finding('warning');

/**
 * Everything there is to say about a canonical document, at once, each finding with its path; and the document
 * with its start filled in where only one step can be meant. Times are compared with each other, not with now.
 */
export function validateJourney(given: JourneyDocument): {
  readonly document: JourneyDocument;
  readonly findings: readonly Finding[];
} {
  const activities = given.Activities ?? {};
  const count = Object.keys(activities).length;
  if (count > MOST_STEPS) {
    const message = `${count} steps; a journey has at most ${MOST_STEPS}`;
    return { document: given, findings: [always('Activities', message)] };
  }
  const edges = edgesOf(activities);
  const { start, findings: startFindings } = findStart(given, activities, edges);
  const document = start === undefined ? given : { ...given, StartActivity: start };
  const findings = [
    ...startFindings,
    ...checkEntry(given),
    ...checkSchedule(given),
    ...checkTimes(given),
    ...checkLimits('Limits', given.Limits),
    ...Object.entries(activities).flatMap(([id, activity]) => checkActivity(id, activity)),
    ...checkConditions(activities, edges),
    ...checkArrows(activities, edges),
    ...checkReached(activities, edges, start),
  ];
  return { document, findings };
}

function findStart(document: JourneyDocument, activities: Activities, edges: readonly Edge[]) {
  const given = document.StartActivity;
  if (given !== undefined && given !== '') {
    return { start: given, findings: checkGivenStart(given, activities) };
  }
  const [only, ...more] = possibleStarts(activities, edges);
  if (only === undefined) {
    const empty = publish('Activities', 'no step to start with; a journey needs at least one');
    return { start: undefined, findings: [empty] };
  }
  if (more.length > 0) {
    const message = `missing, and nobody points to several steps: ${listed([only, ...more])}; name one`;
    return { start: undefined, findings: [publish('StartActivity', message)] };
  }
  const message = `missing; starts with "${only}", the only step nobody points to`;
  return { start: only, findings: [warning('StartActivity', message)] };
}

function checkGivenStart(start: string, activities: Activities): Finding[] {
  const activity = Object.hasOwn(activities, start) ? activities[start] : undefined;
  if (activity === undefined) {
    return [publish('StartActivity', `no step "${start}" among ${listed(Object.keys(activities))}`)];
  }
  if (kindsOf(activity).length > 0) return [];
  return [publish('StartActivity', `"${start}" is a placeholder, where nothing happens`)];
}

function checkSchedule({ Schedule: schedule }: JourneyDocument): Finding[] {
  const { StartTime: start, EndTime: end } = schedule ?? {};
  if (start === undefined || end === undefined || start < end) return [];
  return [always('Schedule.EndTime', `${end} is not after StartTime, ${start}`)];
}

function checkArrows(activities: Activities, edges: readonly Edge[]): Finding[] {
  const cycles = edgesThatCloseCycles(edges).map((edge) =>
    always(edge.path, `"${edge.to}" leads back to "${edge.from}"; a journey cannot go in circles`),
  );
  const loose = edges
    .filter((edge) => !Object.hasOwn(activities, edge.to))
    .map((edge) => warning(edge.path, `no step "${edge.to}"; participants end there`));
  return [...cycles, ...loose];
}

function checkReached(activities: Activities, edges: readonly Edge[], start: string | undefined): Finding[] {
  if (start === undefined || !Object.hasOwn(activities, start)) return [];
  const reached = reachableFrom(start, edges);
  return Object.keys(activities)
    .filter((id) => id !== start && !reached.has(id))
    .map((id) => warning(`Activities.${id}`, 'no step leads here; nobody reaches it'));
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.map((id) => `"${id}"`).join(', ');
}
