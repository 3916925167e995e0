import { z } from 'zod';
import { entryModes } from '../domain/journey/entryRules.ts';
import { splitEvaluations } from '../domain/journey/verdict.ts';
import { flag } from './forms.ts';

/** How journeys behave. */
export const journeysSettings = {
  REPOINT_TIME_SCALE: z.coerce
    .number()
    .min(1)
    .max(1e7)
    .default(1)
    .describe("divides a journey's durations; only with the mailbox"),
  REPOINT_HASH_IDS: flag.describe(
    "true: Temporal hears a keyed hash of endpoint and user ids, for ids that are somebody's address; change it only when nobody is in a journey",
  ),
  REPOINT_HASH_KEY: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe('key of that hash: a secret of 16 characters or more, the same for API and workers'),
  REPOINT_SPLIT_EVALUATION: z
    .enum(splitEvaluations)
    .default('event')
    .describe(
      "when a journey's splits are judged. event: as soon as nothing can change the branch; at-end: once, after the whole evaluation time",
    ),
  REPOINT_ENTRY: z
    .enum(entryModes)
    .default('live')
    .describe(
      "live: whoever comes to match a journey's segment enters; original: at its start and refreshes only",
    ),
  REPOINT_PUBLISH_DELAY_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('seconds between the publication of a journey and its earliest start'),
  REPOINT_TIME_DEPENDENT_PASS_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .default(3600)
    .describe('seconds between passes over segments with relative dates'),
};
