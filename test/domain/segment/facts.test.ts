import { describe, expect, test } from 'vitest';
import { mentions, referencesOf, timeDependent } from '../../../src/domain/segment/facts.ts';
import { dimensionsTree, segmentDraft } from '../../../src/domain/segment/tree.ts';

describe('a segment', () => {
  test.each([
    [{ Attributes: { A: { AttributeType: 'AFTER', Values: ['-P30D'] } } }, true],
    [{ Attributes: { A: { AttributeType: 'AFTER', Values: ['2026-01-01'] } } }, false],
    [{ Behavior: { Recency: { Duration: 'DAY_7', RecencyType: 'ACTIVE' } } }, true],
    [{ Attributes: { A: { Values: ['-P30D'] } } }, false],
  ] as const)('%j depends on the time: %s', (dimensions, expected) => {
    expect(timeDependent({ kind: 'none', of: [dimensionsTree(dimensions)] })).toBe(expected);
  });

  test('names what it looks at', () => {
    const tree = dimensionsTree({
      Attributes: { Since: { AttributeType: 'ON', Values: ['2026-01-01'] } },
      UserAttributes: { Plan: { Values: ['x'] } },
      Metrics: { Visits: { ComparisonOperator: 'EQUAL', Value: 1 } },
      Demographic: { Channel: { Values: ['SMS'] } },
      Location: {
        Country: { Values: ['US'] },
        GPSPoint: { Coordinates: { Latitude: 0, Longitude: 0 }, RangeInKilometers: 1 },
      },
      Behavior: { Recency: { Duration: 'HR_24', RecencyType: 'INACTIVE' } },
    });
    expect([...mentions(tree)].sort()).toEqual([
      'Attributes.Since',
      'Behavior.Recency',
      'Demographic.Channel',
      'Location.Country',
      'Location.GPSPoint',
      'Metrics.Visits',
      'UserAttributes.Plan',
    ]);
  });

  test('names the segments it is made of', () => {
    const draft = segmentDraft({
      SegmentGroups: { Groups: [{ SourceSegments: [{ Id: 'a' }, { Id: 'b', Version: 3 }] }] },
    });
    expect(referencesOf(draft).map(({ id, version }) => [id, version])).toEqual([
      ['a', null],
      ['b', 3],
    ]);
  });
});
