import type { SegmentDimensions } from '../segment/document.ts';
import type { Activity, ActivityKind, WaitTime } from './document.ts';
import { activityKinds } from './document.ts';

/** A step that runs: Pinpoint's activity, checked, in our own words. A missing target ends the participant. */
export type Step = MessageStep | JudgingStep | WaitStep | RandomStep | HoldoutStep | ContactCenterStep;
export type MessageStep = TemplatedStep | CustomStep;
/** A message made from a template. */
export type TemplatedStep = EmailStep | SmsStep | PushStep;
/** A step that asks about the participant. */
export type JudgingStep = SplitStep | MultiStep;

interface MessageBase {
  readonly templateName: string;
  /** Absent: the version that is active when the message is sent. */
  readonly templateVersion?: string;
  readonly next?: string;
}

export interface EmailStep extends MessageBase {
  readonly kind: 'email';
  /** Absent: the channel's. */
  readonly fromAddress?: string;
}

export interface SmsStep extends MessageBase {
  readonly kind: 'sms';
  readonly messageType?: 'PROMOTIONAL' | 'TRANSACTIONAL';
  readonly originationNumber?: string;
  readonly senderId?: string;
  readonly entityId?: string;
  readonly templateId?: string;
}

export interface PushStep extends MessageBase {
  readonly kind: 'push';
  readonly timeToLiveSeconds?: number;
}

/** A call of a webhook or a Lambda function. */
export interface CustomStep {
  readonly kind: 'custom';
  readonly deliveryUri: string;
  /** The channel types of the endpoints it is told of. */
  readonly endpointTypes: readonly string[];
  readonly data: string;
  readonly next?: string;
}

/** The type of template that a step's message is made from. */
export const templateTypeOf = { email: 'EMAIL', sms: 'SMS', push: 'PUSH' } as const satisfies Record<
  TemplatedStep['kind'],
  string
>;

export interface WaitStep {
  readonly kind: 'wait';
  readonly wait: WaitTime;
  readonly next?: string;
}

interface Judging {
  /** In the document's order: their index names them. */
  readonly conditions: readonly Condition[];
  /** How long the split stays open after it is reached; absent: it is judged at once. */
  readonly evaluation?: WaitTime;
}

export interface SplitStep extends Judging {
  readonly kind: 'split';
  readonly operator: 'ALL' | 'ANY';
  readonly yes?: string;
  readonly no?: string;
}

/** The first branch that holds is taken. */
export interface MultiStep extends Judging {
  readonly kind: 'multi';
  /** Where each condition's branch leads. */
  readonly targets: readonly (string | undefined)[];
  readonly otherwise?: string;
}

/** Each branch takes its share of 100 at random. */
export interface RandomStep {
  readonly kind: 'random';
  readonly branches: readonly { readonly share: number; readonly next?: string }[];
}

/** That share of 100 leaves the journey here. */
export interface HoldoutStep {
  readonly kind: 'holdout';
  readonly share: number;
  readonly next?: string;
}

/** Passed over: there is no contact centre here. */
export interface ContactCenterStep {
  readonly kind: 'contactCenter';
  readonly next?: string;
}

/** What a split asks: has such an event come, or is one of the participant's endpoints in a segment? */
export type Condition =
  | { readonly kind: 'event'; readonly event: EventCondition }
  | { readonly kind: 'segment'; readonly segmentId: string }
  | { readonly kind: 'dimensions'; readonly dimensions: SegmentDimensions };

/** Holds when the participant caused such an event: of that message, or of any where none is named. */
export interface EventCondition {
  readonly eventTypes: readonly string[];
  /** EXCLUSIVE: any type but these. */
  readonly dimensionType: 'INCLUSIVE' | 'EXCLUSIVE';
  /** The id of the message step whose message the event must be about. */
  readonly messageActivity?: string;
  /** All must hold; one of its values is enough for each. */
  readonly attributes: Readonly<
    Record<string, { readonly type: string; readonly values: readonly string[] }>
  >;
  /** All must hold. */
  readonly metrics: Readonly<Record<string, { readonly comparison: string; readonly value: number }>>;
}

/** The kinds an activity declares: one in a sound document, none for a placeholder. */
export function kindsOf(activity: Activity): readonly ActivityKind[] {
  return activityKinds.filter((kind) => activity[kind] !== undefined);
}

/** Whether a step tells somebody something, by a provider or a custom channel. */
export function isMessageStep(step: Step): step is MessageStep {
  return isTemplatedStep(step) || step.kind === 'custom';
}

/** Whether a step's message is made from a template. */
export function isTemplatedStep(step: Step): step is TemplatedStep {
  return step.kind === 'email' || step.kind === 'sms' || step.kind === 'push';
}

/** Whether a step's way on depends on conditions. */
export function isJudgingStep(step: Step): step is JudgingStep {
  return step.kind === 'split' || step.kind === 'multi';
}
