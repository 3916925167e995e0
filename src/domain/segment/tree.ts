import type {
  Comparison,
  DateTest,
  DemographicName,
  RecencyWindow,
  SegmentDimensions,
  SegmentDocument,
  SegmentGroup,
  TextTest,
} from './document.ts';
import { type Moment, momentOf } from './moment.ts';

/** A question about one endpoint, whose answer is yes or no and never "unknown". */
export type Dimension =
  | TextAttribute
  | DateAttribute
  | MetricComparison
  | FieldChoice
  | NearPoint
  | RecentActivity;

/** `all` of nothing holds for everyone, `any` of nothing for nobody, `none` of nothing for everyone. */
type Combined<Leaf> =
  | { readonly kind: 'all'; readonly of: readonly Combined<Leaf>[] }
  | { readonly kind: 'any'; readonly of: readonly Combined<Leaf>[] }
  | { readonly kind: 'none'; readonly of: readonly Combined<Leaf>[] }
  | Leaf;

/** A segment that can be asked: no reference to another is left in it. */
export type SegmentTree = Combined<Dimension>;

/** A segment as it was written, other segments named in it. */
export type SegmentDraft = Combined<Dimension | SegmentReference>;

export interface SegmentReference {
  readonly kind: 'segment';
  readonly id: string;
  readonly version: number | null;
}

/** An endpoint's own attribute, or one of its user's. */
export type AttributeOwner = 'endpoint' | 'user';

export interface TextAttribute {
  readonly kind: 'textAttribute';
  readonly owner: AttributeOwner;
  readonly name: string;
  readonly test: TextTest;
  readonly values: readonly string[];
}

export interface DateAttribute {
  readonly kind: 'dateAttribute';
  readonly owner: AttributeOwner;
  readonly name: string;
  readonly test: DateTest;
  readonly moments: readonly Moment[];
}

export interface MetricComparison {
  readonly kind: 'metric';
  readonly name: string;
  readonly comparison: Comparison;
  readonly value: number;
}

export interface FieldChoice {
  readonly kind: 'field';
  readonly field: DemographicName | 'Country';
  readonly exclude: boolean;
  readonly values: readonly string[];
}

export interface NearPoint {
  readonly kind: 'near';
  readonly latitude: number;
  readonly longitude: number;
  readonly kilometers: number;
}

export interface RecentActivity {
  readonly kind: 'recency';
  readonly window: RecencyWindow;
  readonly active: boolean;
}

/** Everyone, and nobody. */
export const everyone: SegmentTree = Object.freeze({ kind: 'all', of: Object.freeze([]) });
export const nobody: SegmentTree = Object.freeze({ kind: 'any', of: Object.freeze([]) });

/**
 * The tree of a checked document. A group is its source segments and its dimensions; one without sources starts
 * from everyone, and one without dimensions keeps its sources as they are. Include, Type and SourceType default to ALL.
 */
export function segmentDraft(document: SegmentDocument): SegmentDraft {
  if (document.Dimensions !== undefined) return deepFreeze(dimensionsTree(document.Dimensions));
  const groups = document.SegmentGroups?.Groups ?? [];
  if (groups.length === 0) return everyone;
  return deepFreeze(combine(document.SegmentGroups?.Include, groups.map(groupTree)));
}

/** The tree of one set of dimensions, as a split's condition carries it. */
export function dimensionsTree(dimensions: SegmentDimensions): SegmentTree {
  return deepFreeze({
    kind: 'all',
    of: [
      ...attributes('endpoint', dimensions.Attributes),
      ...attributes('user', dimensions.UserAttributes),
      ...metrics(dimensions),
      ...fields(dimensions),
      ...near(dimensions),
      ...recency(dimensions),
    ],
  });
}

function groupTree(group: SegmentGroup): SegmentDraft {
  const sources = (group.SourceSegments ?? []).map(
    (source): SegmentDraft => ({ kind: 'segment', id: source.Id, version: source.Version ?? null }),
  );
  const dimensions = (group.Dimensions ?? []).map((each): SegmentDraft => dimensionsTree(each));
  const parts: SegmentDraft[] = [];
  if (sources.length > 0) parts.push(combine(group.SourceType, sources));
  if (dimensions.length > 0) parts.push(combine(group.Type, dimensions));
  return { kind: 'all', of: parts };
}

function combine(quantifier: 'ALL' | 'ANY' | 'NONE' | undefined, of: readonly SegmentDraft[]): SegmentDraft {
  if (quantifier === 'ANY') return { kind: 'any', of };
  if (quantifier === 'NONE') return { kind: 'none', of };
  return { kind: 'all', of };
}

function attributes(owner: AttributeOwner, given: SegmentDimensions['Attributes']): Dimension[] {
  return Object.entries(given ?? {}).map(([name, { AttributeType: test = 'INCLUSIVE', Values: values }]) => {
    if (test === 'INCLUSIVE' || test === 'EXCLUSIVE' || test === 'CONTAINS') {
      return { kind: 'textAttribute', owner, name, test, values };
    }
    return { kind: 'dateAttribute', owner, name, test, moments: values.map(momentOf) };
  });
}

function metrics(dimensions: SegmentDimensions): Dimension[] {
  return Object.entries(dimensions.Metrics ?? {}).map(([name, metric]) => ({
    kind: 'metric',
    name,
    comparison: metric.ComparisonOperator,
    value: metric.Value,
  }));
}

function fields(dimensions: SegmentDimensions): Dimension[] {
  const given = { ...dimensions.Demographic, Country: dimensions.Location?.Country };
  return Object.entries(given).flatMap(([field, choice]): Dimension[] =>
    choice === undefined
      ? []
      : [
          {
            kind: 'field',
            field: field as FieldChoice['field'],
            exclude: choice.DimensionType === 'EXCLUSIVE',
            values: choice.Values,
          },
        ],
  );
}

function near(dimensions: SegmentDimensions): Dimension[] {
  const point = dimensions.Location?.GPSPoint;
  if (point === undefined) return [];
  const { Latitude: latitude, Longitude: longitude } = point.Coordinates;
  return [{ kind: 'near', latitude, longitude, kilometers: point.RangeInKilometers }];
}

function recency(dimensions: SegmentDimensions): Dimension[] {
  const given = dimensions.Behavior?.Recency;
  if (given === undefined) return [];
  return [{ kind: 'recency', window: given.Duration, active: given.RecencyType === 'ACTIVE' }];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
