/** A segment's definition as Pinpoint writes it, after its edge has checked it: one of the two forms, or neither (everyone). */
export interface SegmentDocument {
  readonly Dimensions?: SegmentDimensions;
  readonly SegmentGroups?: SegmentGroupList;
}

export const quantifiers = ['ALL', 'ANY', 'NONE'] as const;
export type Quantifier = (typeof quantifiers)[number];

export interface SegmentGroupList {
  readonly Groups?: readonly SegmentGroup[];
  readonly Include?: Quantifier;
}

export interface SegmentGroup {
  readonly SourceSegments?: readonly SegmentSource[];
  readonly SourceType?: Quantifier;
  readonly Dimensions?: readonly SegmentDimensions[];
  readonly Type?: Quantifier;
}

export interface SegmentSource {
  readonly Id: string;
  /** Absent: the latest. */
  readonly Version?: number;
}

/** Everything named in one of these must hold. */
export interface SegmentDimensions {
  readonly Attributes?: Readonly<Record<string, AttributeDimension>>;
  readonly UserAttributes?: Readonly<Record<string, AttributeDimension>>;
  readonly Metrics?: Readonly<Record<string, MetricDimension>>;
  readonly Behavior?: { readonly Recency?: RecencyDimension };
  readonly Demographic?: Readonly<Partial<Record<DemographicName, SetDimension>>>;
  readonly Location?: { readonly Country?: SetDimension; readonly GPSPoint?: GpsPointDimension };
}

export const setTests = ['INCLUSIVE', 'EXCLUSIVE'] as const;
export const textTests = ['INCLUSIVE', 'EXCLUSIVE', 'CONTAINS'] as const;
export type TextTest = (typeof textTests)[number];
export const dateTests = ['BEFORE', 'AFTER', 'ON', 'BETWEEN'] as const;
export type DateTest = (typeof dateTests)[number];

export interface AttributeDimension {
  readonly AttributeType?: TextTest | DateTest;
  readonly Values: readonly string[];
}

export interface SetDimension {
  readonly DimensionType?: (typeof setTests)[number];
  readonly Values: readonly string[];
}

export const comparisons = [
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'EQUAL',
] as const;
export type Comparison = (typeof comparisons)[number];

export interface MetricDimension {
  readonly ComparisonOperator: Comparison;
  readonly Value: number;
}

export const recencyWindows = { HR_24: 1, DAY_7: 7, DAY_14: 14, DAY_30: 30 } as const;
export type RecencyWindow = keyof typeof recencyWindows;

export interface RecencyDimension {
  readonly Duration: RecencyWindow;
  readonly RecencyType: 'ACTIVE' | 'INACTIVE';
}

export const demographicNames = ['AppVersion', 'Channel', 'DeviceType', 'Make', 'Model', 'Platform'] as const;
export type DemographicName = (typeof demographicNames)[number];

export interface GpsPointDimension {
  readonly Coordinates: { readonly Latitude: number; readonly Longitude: number };
  readonly RangeInKilometers: number;
}
