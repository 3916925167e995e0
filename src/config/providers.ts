import { z } from 'zod';
import { url } from './forms.ts';

/** AWS, and what stands in for it. */
export const providersSettings = {
  REPOINT_DELIVERY: z
    .enum(['mailbox', 'live'])
    .default('live')
    .describe('mailbox: every message goes to the built-in mailbox and never to AWS'),
  REPOINT_REGION: z
    .string()
    .optional()
    .describe('region in ARNs and for the providers; default AWS_REGION, AWS_DEFAULT_REGION, us-east-1'),
  REPOINT_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/, 'twelve digits')
    .default('000000000000')
    .describe('AWS account id: in ARNs, and whose identities are our own to SES'),
  REPOINT_UPSTREAM_SES_URL: url.optional().describe("SES v2; default the mailbox's or AWS's"),
  REPOINT_UPSTREAM_PINPOINT_URL: url
    .optional()
    .describe("Pinpoint's sending operations; default the mailbox's or AWS's"),
  REPOINT_UPSTREAM_SMS_VOICE_URL: url
    .optional()
    .describe(
      "End User Messaging's opt-out lists, for `repoint suppressions import`; default the mailbox's or AWS's",
    ),
  REPOINT_UPSTREAM_LAMBDA_URL: url
    .optional()
    .describe("Lambda, for the custom channel; default AWS's; unused with the mailbox"),
  REPOINT_UPSTREAM_S3_URL: url
    .optional()
    .describe('S3 for import jobs; default the local folder (embedded) or AWS'),
  REPOINT_UPSTREAM_STREAMS_URL: url
    .optional()
    .describe(
      'a server that speaks Kinesis, Firehose and STS, for event streams; default files in the data folder (with the mailbox) or AWS',
    ),
};
