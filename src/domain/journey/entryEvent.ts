import type { JourneyDocument } from './document.ts';
import { eventCondition } from './stepOf.ts';
import type { EventCondition } from './steps.ts';

/** The condition on the event that starts a journey; undefined for one that a segment starts. */
export function entryEventOf(document: JourneyDocument): EventCondition | undefined {
  const filter = document.StartCondition?.EventStartCondition?.EventFilter;
  return filter && eventCondition({ Dimensions: filter.Dimensions ?? {} });
}

/** The segment a journey names: whose members enter, or to whom its starting event is restricted. */
export function entrySegmentOf(document: JourneyDocument): { id: string; path: string } | undefined {
  const { SegmentStartCondition: segment, EventStartCondition: event } = document.StartCondition ?? {};
  if (segment !== undefined)
    return { id: segment.SegmentId ?? '', path: 'StartCondition.SegmentStartCondition.SegmentId' };
  const id = event?.SegmentId ?? '';
  return id === '' ? undefined : { id, path: 'StartCondition.EventStartCondition.SegmentId' };
}
