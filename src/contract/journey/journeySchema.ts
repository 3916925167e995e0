import { z } from 'zod';
import { weekdays } from '../../domain/windows/localTime.ts';
import { instant } from '../fields.ts';
import { oneLineText } from '../oneLine.ts';
import { segmentDimensions } from '../segment.ts';

/** A time as the decoder gives it, or as text: ISO 8601 in UTC. */
const time = z.union([z.date(), instant]).transform((date) => date.toISOString());

const text = z.string();
const words = z.array(z.string());
const anything = z.record(z.string(), z.unknown());
const templated = { TemplateName: text, TemplateVersion: text, NextActivity: text };

/** Every member may be absent: what must be there depends on the state and is checked with the rest of the rules. */
function members<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape).partial();
}

function ofChannels<T extends z.ZodType>(rules: T) {
  return members({ EMAIL: rules, SMS: rules, PUSH: rules, VOICE: rules, CUSTOM: rules });
}

function weekOf<T extends z.ZodType>(rules: T) {
  return z.partialRecord(z.enum(weekdays), rules);
}

const waitTime = members({ WaitFor: text, WaitUntil: text });
const eventDimensions = members({
  EventType: members({ DimensionType: z.enum(['INCLUSIVE', 'EXCLUSIVE']), Values: words }),
  Attributes: z.record(
    z.string(),
    members({
      AttributeType: z.enum(['INCLUSIVE', 'EXCLUSIVE', 'CONTAINS', 'BEFORE', 'AFTER', 'ON', 'BETWEEN']),
      Values: words,
    }),
  ),
  Metrics: z.record(
    z.string(),
    members({
      ComparisonOperator: z.enum([
        'EQUAL',
        'GREATER_THAN',
        'GREATER_THAN_OR_EQUAL',
        'LESS_THAN',
        'LESS_THAN_OR_EQUAL',
      ]),
      Value: z.number(),
    }),
  ),
});
const simpleCondition = members({
  EventCondition: members({ MessageActivity: text, Dimensions: eventDimensions }),
  SegmentCondition: members({ SegmentId: text }),
  SegmentDimensions: segmentDimensions,
});

/** One activity, with `NextActivity` allowed beside its kind: the dialect of printed examples. */
const activity = members({
  Description: text,
  EMAIL: members({ ...templated, MessageConfig: members({ FromAddress: oneLineText }) }),
  SMS: members({
    ...templated,
    MessageConfig: members({
      MessageType: z.enum(['PROMOTIONAL', 'TRANSACTIONAL']),
      OriginationNumber: text,
      SenderId: text,
      EntityId: text,
      TemplateId: text,
    }),
  }),
  PUSH: members({ ...templated, MessageConfig: members({ TimeToLive: text }) }),
  Wait: members({ WaitTime: waitTime, NextActivity: text }),
  ConditionalSplit: members({
    Condition: members({ Conditions: z.array(simpleCondition), Operator: z.enum(['ALL', 'ANY']) }),
    EvaluationWaitTime: waitTime,
    TrueActivity: text,
    FalseActivity: text,
  }),
  MultiCondition: members({
    Branches: z.array(members({ Condition: simpleCondition, NextActivity: text })),
    DefaultActivity: text,
    EvaluationWaitTime: waitTime,
  }),
  RandomSplit: members({ Branches: z.array(members({ NextActivity: text, Percentage: z.number() })) }),
  Holdout: members({ Percentage: z.number(), NextActivity: text }),
  CUSTOM: members({
    ...templated,
    DeliveryUri: text,
    EndpointTypes: words,
    MessageConfig: members({ Data: text }),
  }),
  ContactCenter: members({ NextActivity: text }),
  NextActivity: text,
});

/** A journey as CreateJourney and UpdateJourney take it, dialect included; members it does not know are dropped. */
export const journeyRequest = z.object({
  Name: text.min(1, 'empty; a journey needs a name').max(150, 'longer than 150 characters').optional(),
  State: z.enum(['DRAFT', 'ACTIVE']).optional(),
  ...members({
    StartActivity: text,
    StartCondition: members({
      Description: text,
      SegmentStartCondition: members({ SegmentId: text }),
      EventStartCondition: members({
        EventFilter: members({
          FilterType: z.enum(['SYSTEM', 'ENDPOINT']),
          Dimensions: eventDimensions,
        }),
        SegmentId: text,
      }),
    }),
    Activities: z.record(
      z.string().min(1, 'a step needs an id').max(100, 'an id of more than 100 characters'),
      activity,
    ),
    Schedule: members({ StartTime: time, EndTime: time, Timezone: text }),
    Limits: members({
      DailyCap: z.number(),
      TotalCap: z.number(),
      TimeframeCap: members({ Cap: z.number(), Days: z.number() }),
      MessagesPerSecond: z.number(),
      EndpointReentryCap: z.number(),
      EndpointReentryInterval: text,
    }),
    LocalTime: z.boolean(),
    QuietTime: members({ Start: text, End: text }),
    WaitForQuietTime: z.boolean(),
    RefreshFrequency: text,
    RefreshOnSegmentUpdate: z.boolean(),
    SendingSchedule: z.boolean(),
    OpenHours: ofChannels(weekOf(z.array(members({ StartTime: text, EndTime: text })))),
    ClosedDays: ofChannels(z.array(members({ Name: text, StartDateTime: text, EndDateTime: text }))),
    TimezoneEstimationMethods: words,
    JourneyChannelSettings: anything,
  }).shape,
});

export type JourneyRequest = z.infer<typeof journeyRequest>;
export type DialectActivity = z.infer<typeof activity>;
