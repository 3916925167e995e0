import type {
  Activity,
  ActivityKind,
  ConditionalSplitActivity,
  EmailActivity,
  EventConditionDocument,
  JourneyDocument,
  PushActivity,
  SimpleCondition,
  SmsActivity,
  WaitActivity,
  WaitTime,
} from './document.ts';
import { activityKinds } from './document.ts';

/** A step that runs: Pinpoint's activity, checked, in our own words. A missing target ends the participant. */
export type Step = EmailStep | SmsStep | PushStep | WaitStep | SplitStep;
export type MessageStep = EmailStep | SmsStep | PushStep;

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

export interface WaitStep {
  readonly kind: 'wait';
  readonly wait: WaitTime;
  readonly next?: string;
}

export interface SplitStep {
  readonly kind: 'split';
  /** In the document's order: their index names them. */
  readonly conditions: readonly EventCondition[];
  readonly operator: 'ALL' | 'ANY';
  /** How long the split stays open after it is reached; absent: it is judged at once. */
  readonly evaluation?: WaitTime;
  readonly yes?: string;
  readonly no?: string;
}

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

/**
 * The steps of a document that was checked for publishing, by id, placeholders left out.
 * Kinds that are not built have no step here; publishing refuses them.
 */
export function stepsOf(document: JourneyDocument): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>();
  for (const [id, activity] of Object.entries(document.Activities ?? {})) {
    const step = stepOf(activity);
    if (step !== undefined) steps.set(id, step);
  }
  return steps;
}

/** One step by its id; undefined where the document has none that runs under it. */
export function stepById(document: JourneyDocument, id: string): Step | undefined {
  const activities = document.Activities ?? {};
  const activity = Object.hasOwn(activities, id) ? activities[id] : undefined;
  return activity === undefined ? undefined : stepOf(activity);
}

/** The kinds an activity declares: one in a sound document, none for a placeholder. */
export function kindsOf(activity: Activity): readonly ActivityKind[] {
  return activityKinds.filter((kind) => activity[kind] !== undefined);
}

function stepOf(activity: Activity): Step | undefined {
  if (activity.EMAIL !== undefined) return emailStep(activity.EMAIL);
  if (activity.SMS !== undefined) return smsStep(activity.SMS);
  if (activity.PUSH !== undefined) return pushStep(activity.PUSH);
  if (activity.Wait !== undefined) return waitStep(activity.Wait);
  if (activity.ConditionalSplit !== undefined) return splitStep(activity.ConditionalSplit);
  return undefined;
}

function emailStep(activity: EmailActivity): EmailStep {
  return {
    kind: 'email',
    ...templateOf(activity),
    ...present({ fromAddress: activity.MessageConfig?.FromAddress, next: activity.NextActivity }),
  };
}

function smsStep(activity: SmsActivity): SmsStep {
  const config = activity.MessageConfig ?? {};
  return {
    kind: 'sms',
    ...templateOf(activity),
    ...present({
      messageType: config.MessageType,
      originationNumber: config.OriginationNumber,
      senderId: config.SenderId,
      entityId: config.EntityId,
      templateId: config.TemplateId,
      next: activity.NextActivity,
    }),
  };
}

function pushStep(activity: PushActivity): PushStep {
  const seconds = activity.MessageConfig?.TimeToLive;
  return {
    kind: 'push',
    ...templateOf(activity),
    ...present({
      timeToLiveSeconds: seconds === undefined ? undefined : Number(seconds),
      next: activity.NextActivity,
    }),
  };
}

function templateOf(activity: { TemplateName?: string; TemplateVersion?: string }) {
  return {
    templateName: activity.TemplateName ?? '',
    ...present({ templateVersion: activity.TemplateVersion }),
  };
}

function waitStep(activity: WaitActivity): WaitStep {
  return { kind: 'wait', wait: activity.WaitTime ?? {}, ...present({ next: activity.NextActivity }) };
}

function splitStep(activity: ConditionalSplitActivity): SplitStep {
  return {
    kind: 'split',
    conditions: (activity.Condition?.Conditions ?? []).map(eventCondition),
    operator: activity.Condition?.Operator ?? 'ALL',
    ...present({
      evaluation: activity.EvaluationWaitTime,
      yes: activity.TrueActivity,
      no: activity.FalseActivity,
    }),
  };
}

function eventCondition(condition: SimpleCondition): EventCondition {
  const { MessageActivity, Dimensions = {} }: EventConditionDocument = condition.EventCondition ?? {};
  return {
    eventTypes: Dimensions.EventType?.Values ?? [],
    dimensionType: Dimensions.EventType?.DimensionType ?? 'INCLUSIVE',
    ...present({ messageActivity: MessageActivity }),
    attributes: mapValues(Dimensions.Attributes ?? {}, ({ AttributeType = 'INCLUSIVE', Values = [] }) => ({
      type: AttributeType,
      values: Values,
    })),
    metrics: mapValues(Dimensions.Metrics ?? {}, ({ ComparisonOperator = 'EQUAL', Value = 0 }) => ({
      comparison: ComparisonOperator,
      value: Value,
    })),
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** The members that have a value; an empty target or text counts as none. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
