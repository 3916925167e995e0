import { z } from 'zod';
import { addressRanges, perSecond, url, webhookSecrets } from './forms.ts';

/** How messages leave. */
export const sendingSettings = {
  REPOINT_UNKNOWN_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .default(900)
    .describe('seconds to wait for the provider to tell what became of a send with an unknown outcome'),
  REPOINT_KEEP_BODIES_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(0)
    .describe('days to keep what a message said after it is settled; 0: not at all'),
  REPOINT_EMAIL_PER_SECOND: perSecond
    .optional()
    .describe("e-mails a second at most, where SES's own limit is not to be used up"),
  REPOINT_SMS_PER_SECOND: perSecond
    .default(20)
    .describe(
      "text messages a second: AWS's default for an account; your origination identity may allow fewer",
    ),
  REPOINT_PUSH_PER_SECOND: perSecond
    .default(1000)
    .describe('push notifications a second: a call each; Pinpoint took 4,000 calls a second by default'),
  REPOINT_VOICE_PER_SECOND: perSecond
    .default(0.33)
    .describe('voice messages a second: AWS lets an account start 20 a minute by default'),
  REPOINT_SEND_WAIT_SECONDS: z.coerce
    .number()
    .min(0)
    .max(30)
    .default(5)
    .describe(
      'seconds SendMessages waits for its turn at the most; whoever has none by then is answered THROTTLED',
    ),
  REPOINT_TRANSACTIONAL_RESERVE_PERCENT: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(2)
    .describe("percent of SES's daily quota that campaigns and journeys leave to transactional messages"),
  REPOINT_LIMITS_REFRESH_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .default(60)
    .describe("seconds between looks at the account's limits in SES"),
  REPOINT_PUBLIC_URL: url
    .optional()
    .describe(
      'https address at which recipients reach /unsubscribe of the API; unsubscribe links begin with it',
    ),
  REPOINT_UNSUBSCRIBE_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .refine((keys) => keys.every((key) => key.length >= 16), 'at least 16 characters each')
    .describe(
      'secrets of unsubscribe links, comma separated, the same for API and workers: the first signs, the others hold for links of before',
    ),
  REPOINT_WEBHOOK_ALLOW: addressRanges.describe(
    'private addresses and ranges that webhooks of the custom channel and https event streams may be at, also without TLS: 10.1.0.0/16, comma separated',
  ),
  REPOINT_WEBHOOK_SECRETS: webhookSecrets.describe(
    'sign what goes to webhooks of the custom channel, as Standard Webhooks says: whsec_ and 24 to 64 bytes in base64; two, comma separated, while one is exchanged for another',
  ),
};
