import { describe, expect, test } from 'vitest';
import tutorial from '../../examples/tutorial/04-create-segment.json' with { type: 'json' };
import { parseDimensions, parseSegment, parseSegmentDocument } from '../../src/contract/segment.ts';
import { RepointError } from '../../src/domain/errors.ts';
import { everyone } from '../../src/domain/segment/tree.ts';

function problemsOf(document: unknown): Record<string, string> {
  try {
    parseSegment(document);
  } catch (error) {
    if (!(error instanceof RepointError)) throw error;
    return Object.fromEntries(error.problems.map((problem) => [problem.path, problem.message]));
  }
  return {};
}

describe('a segment document', () => {
  test("of the tutorial asks for the user's plan", () => {
    const plan = {
      kind: 'textAttribute',
      owner: 'user',
      name: 'Plan',
      test: 'INCLUSIVE',
      values: ['premium'],
    };
    expect(parseSegment(tutorial)).toEqual({
      kind: 'all',
      of: [{ kind: 'all', of: [{ kind: 'all', of: [{ kind: 'all', of: [plan] }] }] }],
    });
  });

  test('takes Include, Type and SourceType as all, any and none, and ALL where they are absent', () => {
    const dimension = { Metrics: { Visits: { ComparisonOperator: 'GREATER_THAN', Value: 3 } } };
    const leaf = { kind: 'metric', name: 'Visits', comparison: 'GREATER_THAN', value: 3 };
    expect(
      parseSegment({
        SegmentGroups: {
          Include: 'NONE',
          Groups: [
            {
              SourceSegments: [{ Id: 'a', Version: 2 }, { Id: 'b' }],
              SourceType: 'ANY',
              Dimensions: [dimension],
              Type: 'NONE',
            },
            { Dimensions: [dimension, dimension] },
            { SourceSegments: [{ Id: 'c' }], SourceType: 'NONE', Type: 'ANY' },
          ],
        },
      }),
    ).toEqual({
      kind: 'none',
      of: [
        {
          kind: 'all',
          of: [
            {
              kind: 'any',
              of: [
                { kind: 'segment', id: 'a', version: 2 },
                { kind: 'segment', id: 'b', version: null },
              ],
            },
            { kind: 'none', of: [{ kind: 'all', of: [leaf] }] },
          ],
        },
        {
          kind: 'all',
          of: [
            {
              kind: 'all',
              of: [
                { kind: 'all', of: [leaf] },
                { kind: 'all', of: [leaf] },
              ],
            },
          ],
        },
        { kind: 'all', of: [{ kind: 'none', of: [{ kind: 'segment', id: 'c', version: null }] }] },
      ],
    });
  });

  test('without a form, or with an empty one, is everyone', () => {
    for (const document of [
      {},
      { Name: 'All' },
      { Dimensions: {} },
      { Dimensions: { Behavior: {}, Location: {} } },
      { SegmentGroups: {} },
      { SegmentGroups: { Groups: [], Include: 'ALL' } },
    ]) {
      expect(parseSegment(document)).toEqual(everyone);
    }
  });

  test('is frozen to its leaves', () => {
    const tree = parseDimensions({ Attributes: { A: { Values: ['x'] } } });
    const leaf = 'of' in tree ? tree.of[0] : undefined;
    expect(leaf?.kind === 'textAttribute' && Object.isFrozen(leaf.values)).toBe(true);
  });

  test('keeps the form that was sent, without members it does not know', () => {
    expect(parseSegmentDocument({ ...tutorial, Later: 1 })).toEqual({
      SegmentGroups: tutorial.SegmentGroups,
    });
  });
});

describe('a segment document that is wrong', () => {
  test('is refused with both forms, and with every other problem beside', () => {
    const problems = problemsOf({
      Dimensions: { Attributes: { A: { Values: 'x' } } },
      SegmentGroups: { Groups: [{ Type: 'SOME', SourceSegments: [{}] }], Include: 'MOST' },
    });
    expect(problems).toEqual({
      'Dimensions.Attributes.A.Values': 'must be a list; given "x"',
      'SegmentGroups.Groups[0].Type': 'must be one of ALL, ANY, NONE; given "SOME"',
      'SegmentGroups.Groups[0].SourceSegments[0].Id': 'is required',
      'SegmentGroups.Include': 'must be one of ALL, ANY, NONE; given "MOST"',
      SegmentGroups: expect.stringContaining('give Dimensions or SegmentGroups, not both'),
    });
  });

  test.each([
    [
      { Attributes: { A: { AttributeType: 'AFTER', Values: ['soon'] } } },
      'Dimensions.Attributes.A.Values[0]',
    ],
    [
      { Attributes: { A: { AttributeType: 'ON', Values: ['2026-02-30'] } } },
      'Dimensions.Attributes.A.Values[0]',
    ],
    [
      { Attributes: { A: { AttributeType: 'AFTER', Values: ['-P999Y'] } } },
      'Dimensions.Attributes.A.Values[0]',
    ],
    [
      { UserAttributes: { A: { AttributeType: 'BETWEEN', Values: ['2026-01-01'] } } },
      'Dimensions.UserAttributes.A.Values',
    ],
    [
      { UserAttributes: { A: { AttributeType: 'BETWEEN', Values: ['2026-01-02', '2026-01-01'] } } },
      'Dimensions.UserAttributes.A.Values',
    ],
    [
      { UserAttributes: { A: { AttributeType: 'BETWEEN', Values: ['-P1D', '-P2D'] } } },
      'Dimensions.UserAttributes.A.Values',
    ],
    [{ Attributes: { A: { Values: [] } } }, 'Dimensions.Attributes.A.Values'],
    [{ Attributes: { A: { Values: ['x'.repeat(101)] } } }, 'Dimensions.Attributes.A.Values[0]'],
    [{ Attributes: { A: { Values: Array(101).fill('x') } } }, 'Dimensions.Attributes.A.Values'],
    [
      { Attributes: { A: { AttributeType: 'LIKE', Values: ['x'] } } },
      'Dimensions.Attributes.A.AttributeType',
    ],
    [{ Metrics: { M: { ComparisonOperator: 'NEAR', Value: 1 } } }, 'Dimensions.Metrics.M.ComparisonOperator'],
    [{ Metrics: { M: { ComparisonOperator: 'EQUAL' } } }, 'Dimensions.Metrics.M.Value'],
    [
      { Behavior: { Recency: { Duration: 'DAY_3', RecencyType: 'ACTIVE' } } },
      'Dimensions.Behavior.Recency.Duration',
    ],
    [
      { Demographic: { Channel: { DimensionType: 'CONTAINS', Values: ['EMAIL'] } } },
      'Dimensions.Demographic.Channel.DimensionType',
    ],
    [
      { Location: { GPSPoint: { Coordinates: { Latitude: 91, Longitude: 0 }, RangeInKilometers: 1 } } },
      'Dimensions.Location.GPSPoint.Coordinates.Latitude',
    ],
    [
      { Location: { GPSPoint: { Coordinates: { Latitude: 0, Longitude: 0 } } } },
      'Dimensions.Location.GPSPoint.RangeInKilometers',
    ],
    [
      { Attributes: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, { Values: ['x'] }])) },
      'Dimensions',
    ],
  ])('%j names %s', (dimensions, path) => {
    expect(Object.keys(problemsOf({ Dimensions: dimensions }))).toEqual([path]);
  });

  test('cannot choose among no groups', () => {
    expect(Object.keys(problemsOf({ SegmentGroups: { Groups: [], Include: 'NONE' } }))).toEqual([
      'SegmentGroups.Groups',
    ]);
  });
});
