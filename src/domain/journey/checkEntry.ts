import { MINUTE_MS, parseDuration } from '../duration.ts';
import type { EventStartCondition, JourneyDocument } from './document.ts';
import { type Finding, finding } from './finding.ts';

const always = finding('always');
const publish = finding('publish');
const warning = finding('warning');

/** As often as Pinpoint lets anybody enter a journey. */
const MOST_REENTRIES = 100;

/** What is wrong with who enters, when, and how often. Whether segments exist is asked when it is published. */
export function checkEntry(document: JourneyDocument): Finding[] {
  return [...checkStart(document), ...checkReentry(document), ...checkRefresh(document)];
}

function checkStart(document: JourneyDocument): Finding[] {
  const { SegmentStartCondition: segment, EventStartCondition: event } = document.StartCondition ?? {};
  if (segment === undefined && event === undefined) {
    const who = 'SegmentStartCondition with the SegmentId of who enters, or EventStartCondition';
    return [publish('StartCondition', `missing; write ${who}`)];
  }
  if (segment !== undefined && event !== undefined) {
    return [publish('StartCondition', 'has both a segment and an event; write one of them')];
  }
  if (event !== undefined) return checkEventStart(event, document);
  const named = (segment?.SegmentId ?? '') !== '';
  return named ? [] : [publish('StartCondition.SegmentStartCondition.SegmentId', 'missing')];
}

function checkEventStart({ EventFilter: filter }: EventStartCondition, document: JourneyDocument): Finding[] {
  const path = 'StartCondition.EventStartCondition.EventFilter';
  const type = filter?.Dimensions?.EventType;
  const names = (type?.Values ?? []).filter((name) => name !== '');
  const isOne = names.length === 1 && type?.DimensionType !== 'EXCLUSIVE';
  const oneType = publish(
    `${path}.Dimensions.EventType`,
    `${type?.DimensionType === 'EXCLUSIVE' ? 'EXCLUSIVE' : `${names.length} types`}; name exactly one type, INCLUSIVE`,
  );
  const local = publish('LocalTime', 'goes with a segment start only; an event starts the journey at once');
  const unlikely = warning(`${path}.FilterType`, `${filter?.FilterType}, but the event is "${names[0]}"`);
  return [
    ...(filter?.FilterType === undefined
      ? [publish(`${path}.FilterType`, 'missing; one of SYSTEM, ENDPOINT')]
      : []),
    ...(isOne ? [] : [oneType]),
    ...(document.LocalTime === true ? [local] : []),
    ...(isOne && isUnlikely(filter?.FilterType, names[0]) ? [unlikely] : []),
  ];
}

/** Pinpoint's own events begin with an underscore; those of apps may have any name. */
function isUnlikely(filterType: string | undefined, name = ''): boolean {
  return filterType === 'SYSTEM' && !name.startsWith('_');
}

function checkReentry({ Limits: limits = {} }: JourneyDocument): Finding[] {
  const { EndpointReentryCap: cap } = limits;
  const isCount = typeof cap === 'number' && Number.isInteger(cap) && cap >= 0 && cap <= MOST_REENTRIES;
  if (cap === undefined || isCount) return [];
  const message = `${String(cap)} is not a whole number from 0 (no limit) to ${MOST_REENTRIES}`;
  return [always('Limits.EndpointReentryCap', message)];
}

function checkRefresh(document: JourneyDocument): Finding[] {
  const { RefreshFrequency: frequency = '', RefreshOnSegmentUpdate: onUpdate, StartCondition } = document;
  const startsByEvent = StartCondition?.EventStartCondition !== undefined;
  const unused = startsByEvent && (frequency !== '' || onUpdate === true);
  const duration = frequency === '' ? undefined : parseDuration(frequency);
  const isTooShort =
    duration !== undefined && 'milliseconds' in duration && duration.milliseconds < MINUTE_MS;
  return [
    ...(isTooShort ? [always('RefreshFrequency', `"${frequency}" is shorter than a minute`)] : []),
    ...(unused ? [warning('RefreshFrequency', 'has no effect on a journey that an event starts')] : []),
  ];
}
