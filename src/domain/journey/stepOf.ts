import { present } from '../present.ts';
import type {
  Activity,
  ConditionalSplitActivity,
  CustomActivity,
  EmailActivity,
  EventConditionDocument,
  JourneyDocument,
  MultiConditionActivity,
  PushActivity,
  SimpleCondition,
  SmsActivity,
} from './document.ts';
import type {
  Condition,
  CustomStep,
  EmailStep,
  EventCondition,
  MultiStep,
  PushStep,
  SmsStep,
  SplitStep,
  Step,
} from './steps.ts';

/** An activity of a document that was checked, in our own words; undefined for a placeholder. */
export function stepOf(activity: Activity): Step | undefined {
  const {
    EMAIL,
    SMS,
    PUSH,
    CUSTOM,
    Wait,
    ConditionalSplit,
    MultiCondition,
    RandomSplit,
    Holdout,
    ContactCenter,
  } = activity;
  if (EMAIL !== undefined) return emailStep(EMAIL);
  if (SMS !== undefined) return smsStep(SMS);
  if (PUSH !== undefined) return pushStep(PUSH);
  if (CUSTOM !== undefined) return customStep(CUSTOM);
  if (Wait !== undefined) return { kind: 'wait', wait: Wait.WaitTime ?? {}, ...nextOf(Wait) };
  if (ConditionalSplit !== undefined) return splitStep(ConditionalSplit);
  if (MultiCondition !== undefined) return multiStep(MultiCondition);
  if (RandomSplit !== undefined)
    return { kind: 'random', branches: (RandomSplit.Branches ?? []).map(shareOf) };
  if (Holdout !== undefined) return { kind: 'holdout', ...shareOf(Holdout) };
  if (ContactCenter !== undefined) return { kind: 'contactCenter', ...nextOf(ContactCenter) };
  return undefined;
}

function emailStep(activity: EmailActivity): EmailStep {
  return {
    kind: 'email',
    ...templateOf(activity),
    ...nextOf(activity),
    ...present({ fromAddress: activity.MessageConfig?.FromAddress }),
  };
}

function smsStep(activity: SmsActivity): SmsStep {
  const config = activity.MessageConfig ?? {};
  return {
    kind: 'sms',
    ...templateOf(activity),
    ...nextOf(activity),
    ...present({
      messageType: config.MessageType,
      originationNumber: config.OriginationNumber,
      senderId: config.SenderId,
      entityId: config.EntityId,
      templateId: config.TemplateId,
    }),
  };
}

function pushStep(activity: PushActivity): PushStep {
  const seconds = activity.MessageConfig?.TimeToLive;
  return {
    kind: 'push',
    ...templateOf(activity),
    ...nextOf(activity),
    ...present({ timeToLiveSeconds: seconds === undefined ? undefined : Number(seconds) }),
  };
}

function customStep(activity: CustomActivity): CustomStep {
  const { DeliveryUri = '', EndpointTypes: types = [], MessageConfig = {} } = activity;
  return {
    kind: 'custom',
    deliveryUri: DeliveryUri,
    endpointTypes: types.length === 0 ? ['CUSTOM'] : types,
    data: MessageConfig.Data ?? '',
    ...nextOf(activity),
  };
}

function templateOf(activity: { TemplateName?: string; TemplateVersion?: string }) {
  return {
    templateName: activity.TemplateName ?? '',
    ...present({ templateVersion: activity.TemplateVersion }),
  };
}

function nextOf({ NextActivity }: { readonly NextActivity?: string }) {
  return present({ next: NextActivity });
}

function shareOf(branch: { readonly Percentage?: number; readonly NextActivity?: string }) {
  return { share: branch.Percentage ?? 0, ...nextOf(branch) };
}

function splitStep(activity: ConditionalSplitActivity): SplitStep {
  return {
    kind: 'split',
    conditions: (activity.Condition?.Conditions ?? []).map(conditionOf),
    operator: activity.Condition?.Operator ?? 'ALL',
    ...present({
      evaluation: activity.EvaluationWaitTime,
      yes: activity.TrueActivity,
      no: activity.FalseActivity,
    }),
  };
}

function multiStep(activity: MultiConditionActivity): MultiStep {
  const branches = activity.Branches ?? [];
  return {
    kind: 'multi',
    conditions: branches.map((branch) => conditionOf(branch.Condition ?? {})),
    targets: branches.map((branch) => branch.NextActivity || undefined),
    ...present({ evaluation: activity.EvaluationWaitTime, otherwise: activity.DefaultActivity }),
  };
}

function conditionOf(condition: SimpleCondition): Condition {
  const { EventCondition: event, SegmentCondition: segment, SegmentDimensions: dimensions } = condition;
  if (segment !== undefined) return { kind: 'segment', segmentId: segment.SegmentId ?? '' };
  if (dimensions !== undefined) return { kind: 'dimensions', dimensions };
  return { kind: 'event', event: eventCondition(event ?? {}) };
}

/** A condition on an event; without a type it asks for any. */
export function eventCondition({ MessageActivity, Dimensions = {} }: EventConditionDocument): EventCondition {
  const types = Dimensions.EventType?.Values ?? [];
  return {
    eventTypes: types,
    // no type at all asks for any: for all but none
    dimensionType: types.length === 0 ? 'EXCLUSIVE' : (Dimensions.EventType?.DimensionType ?? 'INCLUSIVE'),
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

/** The steps of a document that was checked for publishing, by id, placeholders left out. */
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
