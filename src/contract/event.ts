import { z } from 'zod';
import { parseTimestamp } from '../domain/instant.ts';
import { namedValues, ownName } from './fields.ts';
import { parseWith } from './zodProblems.ts';

/** Pinpoint's quotas on events (Amazon Pinpoint quotas, "Event ingestion quotas"). */
const MOST_NAMES = 40;
const LONGEST_VALUE = 200;
const LONGEST_TYPE = 50;

const timestamp = z.string().transform((text, context) => {
  const instant = parseTimestamp(text);
  if (instant) return { instant, text };
  context.addIssue({ code: 'custom', message: 'must be a time in ISO 8601, such as 2026-02-12T10:30:00Z' });
  return z.NEVER;
});

const event = z
  .object({
    EventType: z
      .string()
      .min(1, 'must not be empty')
      .max(LONGEST_TYPE, `must have at most ${LONGEST_TYPE} characters`),
    Timestamp: timestamp,
    Attributes: namedValues(
      ownName,
      z.string().max(LONGEST_VALUE, `must have at most ${LONGEST_VALUE} characters`),
    ).default({}),
    Metrics: namedValues(ownName, z.number()).default({}),
    Session: z.record(z.string(), z.unknown()).optional(),
    AppPackageName: z.string().optional(),
    AppTitle: z.string().optional(),
    AppVersionCode: z.string().optional(),
    ClientSdkVersion: z.string().optional(),
    SdkName: z.string().optional(),
  })
  .refine(
    ({ Attributes, Metrics }) => Object.keys(Attributes).length + Object.keys(Metrics).length <= MOST_NAMES,
    {
      message: `must have at most ${MOST_NAMES} attributes and metrics`,
    },
  );

/** An event as whoever reports it tells it, checked. */
export interface ReportedEvent {
  readonly type: string;
  readonly occurredAt: Date;
  /** The timestamp as it was written: part of what makes the event unique. */
  readonly occurredAtText: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Session, app version and SDK of an app's event, what a provider adds to its own: as they came. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Checks one event.
 * @throws RepointError BadRequest with every problem; values are a person's and not quoted
 */
export function parseEvent(request: unknown): ReportedEvent {
  const { EventType, Timestamp, Attributes, Metrics, ...details } = parseWith(event, request, '', {
    quote: false,
  });
  return {
    type: EventType,
    occurredAt: Timestamp.instant,
    occurredAtText: Timestamp.text,
    attributes: Attributes,
    metrics: Metrics,
    details,
  };
}
