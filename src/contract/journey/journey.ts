import { type Problem, refuseAny } from '../../domain/errors.ts';
import { checkDuration } from '../../domain/journey/checkActivity.ts';
import type { JourneyDocument, JourneyLimits } from '../../domain/journey/document.ts';
import { type Finding, finding } from '../../domain/journey/finding.ts';
import { validateJourney } from '../../domain/journey/validate.ts';
import { readZone } from '../../zones/zone.ts';
import { parseAll } from '../parseAll.ts';
import { normalizeClosedDays } from './closedDays.ts';
import { normalizeActivity, normalizeDuration, type Warn } from './journeyDialect.ts';
import { type JourneyRequest, journeyRequest } from './journeySchema.ts';

/** A journey as it was asked for: its canonical document, the state it is to have, and what deserves a word. */
export interface ParsedJourney {
  readonly document: JourneyDocument;
  readonly state: 'DRAFT' | 'ACTIVE';
  readonly warnings: readonly string[];
}

/**
 * Reads a journey as CreateJourney and UpdateJourney take it, the dialect of printed examples included, and brings
 * it into canonical form. Each normalisation, and whatever is suspicious, is a warning.
 * @throws RepointError BadRequest with every problem, each with its path
 */
export function parseJourney(request: unknown): ParsedJourney {
  const { document, state, problems, warnings } = inspectJourney(request);
  refuseAny(problems);
  return { document, state, warnings: warnings.map((each) => `${each.path}: ${each.message}`) };
}

/** What `parseJourney` finds, without refusing: for tools that show it. */
export interface JourneyInspection {
  readonly document: JourneyDocument;
  readonly state: 'DRAFT' | 'ACTIVE';
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** @throws RepointError BadRequest where the request is not an object */
export function inspectJourney(request: unknown): JourneyInspection {
  const { value, problems: unreadable } = parseAll(journeyRequest, request);
  const problems = [...checkName(value, unreadable), ...unreadable];
  const normalizations: Problem[] = [];
  const warn: Warn = (path, message) => normalizations.push({ path, message });
  const canonical = toCanonical(value, warn);
  const { document, findings } = validateJourney(canonical);
  const state = value.State ?? 'DRAFT';
  const relevant = [...findings, ...checkDurations(canonical), ...checkZone(canonical)].filter(
    (each) => !problems.some((problem) => isAtOrUnder(each.path, problem.path)),
  );
  const of = (severity: Finding['severity']): Problem[] =>
    relevant.filter((each) => each.severity === severity).map(({ path, message }) => ({ path, message }));
  const refusedLater = of('publish').map(({ path, message }) => ({
    path,
    message: `${message} (publishing will be refused)`,
  }));
  const publishing = state === 'ACTIVE';
  return {
    document,
    state,
    problems: [...problems, ...of('always'), ...(publishing ? of('publish') : [])],
    warnings: [...normalizations, ...of('warning'), ...(publishing ? [] : refusedLater)],
  };
}

/** A name that cannot be read has been reported. */
function checkName({ Name }: JourneyRequest, unreadable: readonly Problem[]): Problem[] {
  if (Name !== undefined || unreadable.some(({ path }) => path === 'Name')) return [];
  return [{ path: 'Name', message: 'missing; a journey needs a name' }];
}

/** Only with LocalTime does the zone matter: it says what clocks show in StartTime and EndTime. */
function checkZone({ LocalTime, Schedule }: JourneyDocument): Finding[] {
  const zone = Schedule?.Timezone;
  if (zone === undefined || readZone(zone) !== null) return [];
  const what = `"${zone}" is no time zone; write an IANA name (Europe/Berlin) or an offset (UTC+05:30)`;
  return LocalTime === true
    ? [finding('publish')('Schedule.Timezone', what)]
    : [finding('warning')('Schedule.Timezone', `${what}; without LocalTime it has no effect`)];
}

/** Whether a path is another's or leads on from it: what was wrong in itself is not also missing. */
function isAtOrUnder(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

function toCanonical({ State: _, ...request }: JourneyRequest, warn: Warn): JourneyDocument {
  const { Activities: activities, RefreshFrequency: refresh, Limits: limits, ClosedDays: closed } = request;
  return {
    ...request,
    Name: request.Name ?? '',
    ...(activities && {
      Activities: Object.fromEntries(
        Object.entries(activities).map(([id, activity]) => [
          id,
          normalizeActivity(`Activities.${id}`, activity, warn),
        ]),
      ),
    }),
    ...(refresh && { RefreshFrequency: normalizeDuration('RefreshFrequency', refresh, warn) }),
    ...(limits && { Limits: normalizeLimits(limits, warn) }),
    ...(closed && { ClosedDays: normalizeClosedDays(closed, warn) }),
  };
}

function normalizeLimits(limits: JourneyLimits, warn: Warn): JourneyLimits {
  const interval = limits.EndpointReentryInterval;
  if (interval === undefined) return limits;
  const path = 'Limits.EndpointReentryInterval';
  return { ...limits, EndpointReentryInterval: normalizeDuration(path, interval, warn) };
}

function checkDurations(document: JourneyDocument): Finding[] {
  const interval = document.Limits?.EndpointReentryInterval;
  return [
    ...checkDuration('RefreshFrequency', document.RefreshFrequency || undefined),
    ...checkDuration('Limits.EndpointReentryInterval', interval),
  ];
}
