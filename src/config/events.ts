import { z } from 'zod';
import { flag, partsOf, queueUrls } from './forms.ts';

/** What is heard of messages, and told. */
export const eventsSettings = {
  REPOINT_SNS_TOPIC_ARNS: z
    .string()
    .default('')
    .transform((text) => partsOf(text))
    .describe('SNS topics whose notifications of SES and Pinpoint are accepted, comma separated'),
  REPOINT_FEEDBACK_QUEUES: queueUrls.describe(
    'SQS queues whose notifications of SES and Pinpoint the workers take, by their URLs, comma separated',
  ),
  REPOINT_SUPPRESS: z
    .string()
    .regex(
      /^(?:none|(?:bounce|complaint|token)(?:,(?:bounce|complaint|token))*)$/,
      'bounce, complaint and token, those you want, separated by commas; or none',
    )
    .default('bounce,complaint')
    .transform((text) => text.split(','))
    .describe(
      'reports after which no app sends to an address any more: bounce (hard bounces) and complaint for e-mail, token for a push token whose device is gone, or none',
    ),
  REPOINT_STREAM_ASSUME_ROLE: flag.describe(
    "true: the RoleArn of an event stream is assumed before records are put; false: the process's own credentials put them",
  ),
  REPOINT_STREAM_KEEP_HOURS: z.coerce
    .number()
    .min(1)
    .max(8760)
    .default(168)
    .describe(
      'how long records of an event stream wait for a far end that is away; then the oldest are given up and counted',
    ),
  REPOINT_STREAM_KEEP_RECORDS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(5_000_000)
    .describe(
      'how many records of an event stream wait at most, about; then the oldest are given up and counted',
    ),
};
