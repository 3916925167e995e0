import { z } from 'zod';
import {
  type AttributeDimension,
  comparisons,
  dateTests,
  demographicNames,
  quantifiers,
  recencyWindows,
  type SegmentDimensions,
  type SegmentDocument,
  setTests,
  textTests,
} from '../domain/segment/document.ts';
import { parseMoment } from '../domain/segment/moment.ts';
import { dimensionsTree, type SegmentDraft, type SegmentTree, segmentDraft } from '../domain/segment/tree.ts';
import { degrees } from './fields.ts';
import { parseWith } from './zodProblems.ts';

/** Pinpoint's quota: dimensions in one segment. */
const MOST_DIMENSIONS = 100;
/** Pinpoint's quotas: values of one dimension, and characters of one value. */
const MOST_VALUES = 100;
const LONGEST_VALUE = 100;
const MOST_SOURCES = 100;

const values = z
  .array(z.string().max(LONGEST_VALUE, `must have at most ${LONGEST_VALUE} characters`))
  .min(1, 'must name at least one value')
  .max(MOST_VALUES, `must name at most ${MOST_VALUES} values`);

const attribute = z
  .object({ AttributeType: z.enum([...textTests, ...dateTests]).optional(), Values: values })
  .superRefine(checkDates);

const choice = z.object({ DimensionType: z.enum(setTests).optional(), Values: values });

const metric = z.object({ ComparisonOperator: z.enum(comparisons), Value: z.number() });

/** A set of dimensions, as in a segment or in a journey's split. */
export const segmentDimensions = z.object({
  Attributes: z.record(z.string(), attribute).optional(),
  UserAttributes: z.record(z.string(), attribute).optional(),
  Metrics: z.record(z.string(), metric).optional(),
  Behavior: z
    .object({
      Recency: z
        .object({
          Duration: z.enum(Object.keys(recencyWindows) as (keyof typeof recencyWindows)[]),
          RecencyType: z.enum(['ACTIVE', 'INACTIVE']),
        })
        .optional(),
    })
    .optional(),
  Demographic: z.partialRecord(z.enum(demographicNames), choice).optional(),
  Location: z
    .object({
      Country: choice.optional(),
      GPSPoint: z
        .object({
          Coordinates: z.object({ Latitude: degrees(90), Longitude: degrees(180) }),
          RangeInKilometers: z.number().positive('must be more than 0'),
        })
        .optional(),
    })
    .optional(),
}) satisfies z.ZodType<SegmentDimensions>;

const group = z.object({
  SourceSegments: z
    .array(z.object({ Id: z.string().min(1, 'must not be empty'), Version: z.int().min(1).optional() }))
    .max(MOST_SOURCES, `must name at most ${MOST_SOURCES} segments`)
    .optional(),
  SourceType: z.enum(quantifiers).optional(),
  Dimensions: z.array(segmentDimensions).optional(),
  Type: z.enum(quantifiers).optional(),
});

const segmentDocument = z
  .object({
    Dimensions: segmentDimensions.optional(),
    SegmentGroups: z
      .object({ Groups: z.array(group).optional(), Include: z.enum(quantifiers).optional() })
      .superRefine((list, context) => {
        if (list.Groups?.length || (list.Include ?? 'ALL') === 'ALL') return;
        context.addIssue({
          code: 'custom',
          path: ['Groups'],
          message: `must hold at least one group for Include ${list.Include} to choose from`,
        });
      })
      .optional(),
  })
  .refine((document) => document.Dimensions === undefined || document.SegmentGroups === undefined, {
    path: ['SegmentGroups'],
    message: 'give Dimensions or SegmentGroups, not both',
    when: () => true,
  })
  .superRefine(checkCount);

/**
 * Checks a segment's definition: Dimensions or SegmentGroups, not both. Members it does not know are left out.
 * @param path where the definition stands in the request; '' for its root
 * @throws RepointError BadRequest with every problem
 */
export function parseSegmentDocument(document: unknown, path = ''): SegmentDocument {
  return parseWith<SegmentDocument>(segmentDocument, document, path);
}

/** Checks a segment's definition and gives its tree. @throws RepointError BadRequest with every problem */
export function parseSegment(document: unknown, path = ''): SegmentDraft {
  return segmentDraft(parseSegmentDocument(document, path));
}

/** Checks SegmentDimensions that stand alone, as in a journey's split. @throws RepointError BadRequest with every problem */
export function parseDimensions(document: unknown, path = ''): SegmentTree {
  return dimensionsTree(parseWith<SegmentDimensions>(segmentDimensions, document, path));
}

function checkDates({ AttributeType: type, Values }: AttributeDimension, context: z.RefinementCtx): void {
  if (!dateTests.some((test) => test === type)) return;
  const moments = Values.map(parseMoment);
  for (const [i, moment] of moments.entries()) {
    if ('problem' in moment) {
      context.addIssue({ code: 'custom', path: ['Values', i], message: moment.problem });
    }
  }
  if (type !== 'BETWEEN') return;
  const [first, last] = moments;
  if (moments.length !== 2) {
    const message = `BETWEEN takes two values, its first and its last; given ${moments.length}`;
    context.addIssue({ code: 'custom', path: ['Values'], message });
  } else if (first && last && 'kind' in first && 'kind' in last && runsBackwards(first, last)) {
    context.addIssue({ code: 'custom', path: ['Values'], message: 'the first value is later than the last' });
  }
}

type Moment = Extract<ReturnType<typeof parseMoment>, { kind: string }>;

function runsBackwards(first: Moment, last: Moment): boolean {
  if (first.kind === 'fixed' && last.kind === 'fixed')
    return first.epochMilliseconds > last.epochMilliseconds;
  if (first.kind === 'relative' && last.kind === 'relative') {
    return first.months >= last.months && first.milliseconds > last.milliseconds;
  }
  return false;
}

function checkCount(document: SegmentDocument, context: z.RefinementCtx): void {
  const sets = document.SegmentGroups?.Groups?.flatMap((each) => each.Dimensions ?? []) ?? [];
  const count = [...sets, document.Dimensions ?? {}].reduce((sum, set) => sum + countDimensions(set), 0);
  if (count > MOST_DIMENSIONS) {
    context.addIssue({
      code: 'custom',
      path: [document.SegmentGroups === undefined ? 'Dimensions' : 'SegmentGroups'],
      message: `must have at most ${MOST_DIMENSIONS} dimensions; given ${count}`,
    });
  }
}

function countDimensions(set: SegmentDimensions): number {
  const parts = [
    set.Attributes,
    set.UserAttributes,
    set.Metrics,
    set.Demographic,
    set.Location,
    set.Behavior,
  ];
  return parts.reduce((sum, part) => sum + Object.keys(part ?? {}).length, 0);
}
