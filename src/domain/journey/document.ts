import type { Channel } from '../channel.ts';
import type { SegmentDimensions } from '../segment/document.ts';
import type { Weekday } from '../windows/localTime.ts';

/**
 * A journey's canonical document: Pinpoint's own JSON after normalisation, as it is stored and as GetJourney
 * answers it. Durations are ISO 8601, times are ISO 8601 in UTC. The state is not part of it: it changes.
 */
export interface JourneyDocument {
  readonly Name: string;
  readonly StartActivity?: string;
  readonly StartCondition?: StartCondition;
  readonly Activities?: Readonly<Record<string, Activity>>;
  readonly Schedule?: JourneySchedule;
  readonly Limits?: JourneyLimits;
  readonly LocalTime?: boolean;
  readonly QuietTime?: QuietTimeDocument;
  readonly WaitForQuietTime?: boolean;
  readonly RefreshFrequency?: string;
  readonly RefreshOnSegmentUpdate?: boolean;
  readonly SendingSchedule?: boolean;
  readonly OpenHours?: OpenHoursDocument;
  readonly ClosedDays?: ClosedDaysDocument;
  readonly TimezoneEstimationMethods?: readonly string[];
  readonly JourneyChannelSettings?: Readonly<Record<string, unknown>>;
}

export interface StartCondition {
  readonly Description?: string;
  readonly SegmentStartCondition?: { readonly SegmentId?: string };
  readonly EventStartCondition?: EventStartCondition;
}

/** The event that starts the journey, for members of the segment only where one is named. */
export interface EventStartCondition {
  readonly EventFilter?: {
    readonly FilterType?: 'SYSTEM' | 'ENDPOINT';
    readonly Dimensions?: EventDimensionsDocument;
  };
  readonly SegmentId?: string;
}

export interface JourneySchedule {
  /** ISO 8601 in UTC. */
  readonly StartTime?: string;
  readonly EndTime?: string;
  readonly Timezone?: string;
}

/** 0 of a cap: none. */
export interface JourneyLimits {
  /** Messages of this journey to one participant in 24 hours. */
  readonly DailyCap?: number;
  /** Messages of this journey to one participant, ever. */
  readonly TotalCap?: number;
  /** Messages of all journeys to one participant in as many days. */
  readonly TimeframeCap?: { readonly Cap?: number; readonly Days?: number };
  readonly MessagesPerSecond?: number;
  /** How often somebody may enter; 0: as often as they like. */
  readonly EndpointReentryCap?: number;
  /** ISO 8601 duration. */
  readonly EndpointReentryInterval?: string;
}

/** `HH:MM` on the participant's clock, both minutes included. */
export interface QuietTimeDocument {
  readonly Start?: string;
  readonly End?: string;
}

/** `HH:MM`; at EndTime the channel is closed. */
export interface OpenHoursRule {
  readonly StartTime?: string;
  readonly EndTime?: string;
}

export type OpenHoursDocument = Readonly<
  Partial<Record<Channel, Readonly<Partial<Record<Weekday, readonly OpenHoursRule[]>>>>>
>;

/** Local dates and times, such as `2026-12-25T00:00`. */
export interface ClosedDaysRule {
  readonly Name?: string;
  readonly StartDateTime?: string;
  readonly EndDateTime?: string;
}

export type ClosedDaysDocument = Readonly<Partial<Record<Channel, readonly ClosedDaysRule[]>>>;

/** One step as Pinpoint writes it: at most one of its kinds. None at all is a placeholder where participants end. */
export interface Activity {
  readonly Description?: string;
  readonly EMAIL?: EmailActivity;
  readonly SMS?: SmsActivity;
  readonly PUSH?: PushActivity;
  readonly Wait?: WaitActivity;
  readonly ConditionalSplit?: ConditionalSplitActivity;
  readonly MultiCondition?: MultiConditionActivity;
  readonly RandomSplit?: RandomSplitActivity;
  readonly Holdout?: HoldoutActivity;
  readonly CUSTOM?: CustomActivity;
  readonly ContactCenter?: { readonly NextActivity?: string };
}

export const activityKinds = [
  'EMAIL',
  'SMS',
  'PUSH',
  'Wait',
  'ConditionalSplit',
  'MultiCondition',
  'RandomSplit',
  'Holdout',
  'CUSTOM',
  'ContactCenter',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

interface Templated {
  readonly TemplateName?: string;
  /** Absent: the version that is active when the message is sent. */
  readonly TemplateVersion?: string;
  readonly NextActivity?: string;
}

export interface EmailActivity extends Templated {
  readonly MessageConfig?: { readonly FromAddress?: string };
}

export interface SmsActivity extends Templated {
  readonly MessageConfig?: {
    readonly MessageType?: 'PROMOTIONAL' | 'TRANSACTIONAL';
    readonly OriginationNumber?: string;
    readonly SenderId?: string;
    readonly EntityId?: string;
    readonly TemplateId?: string;
  };
}

export interface PushActivity extends Templated {
  /** TimeToLive: seconds, as text. */
  readonly MessageConfig?: { readonly TimeToLive?: string };
}

export interface CustomActivity extends Templated {
  readonly DeliveryUri?: string;
  readonly EndpointTypes?: readonly string[];
  readonly MessageConfig?: { readonly Data?: string };
}

/** Exactly one of: an ISO 8601 duration, or an ISO 8601 time in UTC. */
export interface WaitTime {
  readonly WaitFor?: string;
  readonly WaitUntil?: string;
}

export interface WaitActivity {
  readonly WaitTime?: WaitTime;
  readonly NextActivity?: string;
}

export interface ConditionalSplitActivity {
  readonly Condition?: {
    readonly Conditions?: readonly SimpleCondition[];
    readonly Operator?: 'ALL' | 'ANY';
  };
  readonly EvaluationWaitTime?: WaitTime;
  readonly TrueActivity?: string;
  readonly FalseActivity?: string;
}

export interface MultiConditionActivity {
  readonly Branches?: readonly { readonly Condition?: SimpleCondition; readonly NextActivity?: string }[];
  readonly DefaultActivity?: string;
  readonly EvaluationWaitTime?: WaitTime;
}

export interface RandomSplitActivity {
  readonly Branches?: readonly { readonly NextActivity?: string; readonly Percentage?: number }[];
}

export interface HoldoutActivity {
  readonly Percentage?: number;
  readonly NextActivity?: string;
}

export interface SimpleCondition {
  readonly EventCondition?: EventConditionDocument;
  readonly SegmentCondition?: { readonly SegmentId?: string };
  readonly SegmentDimensions?: SegmentDimensions;
}

export interface EventConditionDocument {
  /** The id of an earlier message step; absent: any event of the participant. */
  readonly MessageActivity?: string;
  readonly Dimensions?: EventDimensionsDocument;
}

export interface EventDimensionsDocument {
  readonly EventType?: {
    readonly DimensionType?: 'INCLUSIVE' | 'EXCLUSIVE';
    readonly Values?: readonly string[];
  };
  readonly Attributes?: Readonly<
    Record<string, { readonly AttributeType?: string; readonly Values?: readonly string[] }>
  >;
  readonly Metrics?: Readonly<
    Record<string, { readonly ComparisonOperator?: string; readonly Value?: number }>
  >;
}
