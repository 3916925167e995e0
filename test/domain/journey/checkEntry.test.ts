import { expect, test } from 'vitest';
import { checkEntry } from '../../../src/domain/journey/checkEntry.ts';
import type { EventStartCondition, JourneyDocument } from '../../../src/domain/journey/document.ts';

const segment = { SegmentStartCondition: { SegmentId: 'segment' } };
const found = (document: Omit<JourneyDocument, 'Name'>) =>
  checkEntry({ Name: 'Journey', ...document }).map(({ severity, path }) => `${severity} ${path}`);
const byEvent = (condition: EventStartCondition, more: object = {}) =>
  found({ StartCondition: { EventStartCondition: condition }, ...more });

test('a start by exactly one type of event is sound', () => {
  const EventFilter = {
    FilterType: 'ENDPOINT',
    Dimensions: { EventType: { Values: ['basket.left'] } },
  } as const;
  expect(byEvent({ EventFilter })).toEqual([]);
  expect(byEvent({ EventFilter }, { LocalTime: true, RefreshFrequency: 'P1D' })).toEqual([
    'publish LocalTime',
    'warning RefreshFrequency',
  ]);
});

test('a start by no, several or excluded types of events is refused with its path', () => {
  const path = 'StartCondition.EventStartCondition.EventFilter';
  const typed = (EventType: object) => ({
    EventFilter: { FilterType: 'SYSTEM' as const, Dimensions: { EventType } },
  });
  expect(byEvent({})).toEqual([`publish ${path}.FilterType`, `publish ${path}.Dimensions.EventType`]);
  for (const type of [
    { Values: [] },
    { Values: ['_a', '_b'] },
    { Values: ['_a'], DimensionType: 'EXCLUSIVE' },
  ]) {
    expect(byEvent(typed(type))).toEqual([`publish ${path}.Dimensions.EventType`]);
  }
  expect(byEvent(typed({ Values: ['basket.left'] }))).toEqual([`warning ${path}.FilterType`]);
});

test.each([-1, 101, 1.5])('a re-entry cap of %s is refused with its path', (EndpointReentryCap) => {
  expect(found({ StartCondition: segment, Limits: { EndpointReentryCap } })).toEqual([
    'always Limits.EndpointReentryCap',
  ]);
});

test.each([0, 1, 100])('a re-entry cap of %s is sound', (EndpointReentryCap) => {
  expect(found({ StartCondition: segment, Limits: { EndpointReentryCap } })).toEqual([]);
});

test('refreshes are a minute apart at least', () => {
  expect(found({ StartCondition: segment, RefreshFrequency: 'PT59S' })).toEqual(['always RefreshFrequency']);
  expect(found({ StartCondition: segment, RefreshFrequency: 'PT1M', RefreshOnSegmentUpdate: true })).toEqual(
    [],
  );
});

test('a journey starts by a segment or by an event, not by both and not by nothing', () => {
  expect(found({})).toEqual(['publish StartCondition']);
  expect(found({ StartCondition: { ...segment, EventStartCondition: {} } })).toEqual([
    'publish StartCondition',
  ]);
});
