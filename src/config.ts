import { isIP } from 'node:net';
import { z } from 'zod';
import { RepointError } from './domain/errors.ts';
import { splitEvaluations } from './domain/journey/verdict.ts';
import { webhookSecretForm } from './domain/webhookSecret.ts';

const port = z.coerce.number('a number from 0 to 65535').int().min(0).max(65535);
const url = z.url({ protocol: /^https?$/ });

const perSecond = z.coerce.number('a number of messages').min(0.01).max(100_000);

/** `KEYID:secret,KEYID2:secret2` */
const accessKeys = z.string().transform((text, context) => {
  const keys = new Map<string, string>();
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [id, ...secret] = pair.trim().split(':');
    if (!id || secret.length === 0 || secret.join(':') === '') {
      context.addIssue({ code: 'custom', message: 'write KEYID:secret, several separated by commas' });
      return z.NEVER;
    }
    keys.set(id, secret.join(':'));
  }
  return keys as ReadonlyMap<string, string>;
});

/** `10.1.0.0/16,fd00::/8,192.168.1.7`: addresses and ranges of them. */
const addressRanges = z
  .string()
  .default('')
  .transform((text, context) => {
    const ranges = text
      .split(',')
      .map((range) => range.trim())
      .filter(Boolean);
    const wrong = ranges.filter((range) => !isAddressRange(range));
    if (wrong.length === 0) return ranges;
    const message = `${wrong.join(', ')}: write addresses or ranges such as 10.1.0.0/16 or fd00::/8, several separated by commas`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** `whsec_…`, several separated by commas. A wrong one is not quoted: it may be a good secret with a slip. */
const webhookSecrets = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((secret) => secret.trim())
      .filter(Boolean),
  )
  .refine(
    (secrets) => secrets.every((secret) => webhookSecretForm.test(secret)),
    'write whsec_ and 24 to 64 bytes in base64, several separated by commas',
  );

/** `https://sqs.eu-west-1.amazonaws.com/123456789012/events`, several separated by commas. */
const queueUrls = z
  .string()
  .default('')
  .transform((text, context) => {
    const urls = text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const wrong = urls.filter((one) => !url.safeParse(one).success);
    if (wrong.length === 0) return urls;
    const message = `${wrong.join(', ')}: write URLs of queues, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, several separated by commas`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Every setting of Repoint's own: its variable, type, default and meaning. Printed by `repoint config`. */
export const settings = z.object({
  REPOINT_HOST: z.string().default('127.0.0.1').describe('address the API and the mailbox listen on'),
  REPOINT_PORT: port.default(7100).describe('port of the API'),
  REPOINT_MAILBOX_PORT: port.default(7101).describe('port of the mailbox'),
  REPOINT_WORKER_PORT: port.default(7102).describe("port of a separate worker's GET /healthz and /metrics"),
  REPOINT_POSTGRES_PORT: port.default(7132).describe('port of the embedded Postgres'),
  REPOINT_TEMPORAL_PORT: port.default(7233).describe('port of the embedded Temporal server'),
  REPOINT_TEMPORAL_UI_PORT: port.default(8233).describe('port of the embedded Temporal Web UI'),
  REPOINT_DATA_DIR: z.string().default('.repoint').describe('where the embedded stack keeps its data'),
  REPOINT_DELIVERY: z
    .enum(['mailbox', 'live'])
    .default('live')
    .describe('mailbox: every message goes to the built-in mailbox and never to AWS'),
  REPOINT_AUTH: z
    .enum(['strict', 'embedded'])
    .default('strict')
    .describe('embedded: on loopback an unknown access key passes, marked unverified'),
  REPOINT_ACCESS_KEYS: accessKeys
    .default(new Map())
    .describe('access keys that may call the API: KEYID:secret, comma separated'),
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
  REPOINT_STREAM_ASSUME_ROLE: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe(
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
  REPOINT_WEBHOOK_ALLOW: addressRanges.describe(
    'private addresses and ranges that webhooks of the custom channel and https event streams may be at, also without TLS: 10.1.0.0/16, comma separated',
  ),
  REPOINT_WEBHOOK_SECRETS: webhookSecrets.describe(
    'sign what goes to webhooks of the custom channel, as Standard Webhooks says: whsec_ and 24 to 64 bytes in base64; two, comma separated, while one is exchanged for another',
  ),
  REPOINT_TASK_QUEUE: z.string().min(1).default('repoint').describe('Temporal task queue'),
  REPOINT_CACHED_WORKFLOWS: z.coerce
    .number()
    .int()
    .min(2)
    .max(100_000)
    .default(500)
    .describe(
      'workflows a worker keeps in memory, about half a megabyte each; the others are read from their histories when they wake',
    ),
  REPOINT_TIME_SCALE: z.coerce
    .number()
    .min(1)
    .max(1e7)
    .default(1)
    .describe("divides a journey's durations; only with the mailbox"),
  REPOINT_HASH_IDS: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe(
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
    .enum(['live', 'original'])
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
  REPOINT_TIME_DEPENDENT_PASS_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .default(3600)
    .describe('seconds between passes over segments with relative dates'),
  REPOINT_SNS_TOPIC_ARNS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((arn) => arn.trim())
        .filter(Boolean),
    )
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
  REPOINT_API_URL: url.optional().describe('where a separate mailbox reaches the API; default this machine'),
  REPOINT_TEMPORAL_UI_URL: url.optional().describe('Temporal Web UI, for links'),
  TEMPORAL_NAMESPACE: z
    .string()
    .default('default')
    .describe("Temporal's own setting, here for links into its Web UI"),
  REPOINT_METRICS_TOKEN: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe(
      'who asks for GET /metrics has to send this as bearer token; without it anybody may who reaches the port',
    ),
  REPOINT_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('log level'),
  DATABASE_URL: z.string().optional().describe('Postgres; default the embedded one'),
});

type Settings = z.infer<typeof settings>;

/** The settings by their meaning; `region` resolved. */
export interface Config extends Settings {
  readonly region: string;
}

/**
 * Reads the settings. The only reader of the environment.
 * @throws RepointError BadRequest naming every variable that is wrong, with what is allowed
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      path: issue.path.join('.'),
      message: issue.message,
    }));
    throw new RepointError(
      'BadRequest',
      `Settings: ${problems.map((p) => `${p.path}: ${p.message}`).join('; ')}`,
      { problems },
    );
  }
  const config = parsed.data;
  if (config.REPOINT_TIME_SCALE !== 1 && config.REPOINT_DELIVERY !== 'mailbox') {
    throw new RepointError(
      'BadRequest',
      'REPOINT_TIME_SCALE: allowed only with REPOINT_DELIVERY=mailbox, where no real person is written to',
    );
  }
  const isPublicHttps = config.REPOINT_PUBLIC_URL?.startsWith('https:') !== false;
  if (!isPublicHttps && config.REPOINT_DELIVERY !== 'mailbox') {
    // RFC 8058, 3.1: the address of a one-click unsubscription is an https one
    throw new RepointError('BadRequest', 'REPOINT_PUBLIC_URL: must begin with https://');
  }
  if (config.REPOINT_HASH_IDS && config.REPOINT_HASH_KEY === undefined) {
    throw new RepointError('BadRequest', 'REPOINT_HASH_KEY: required with REPOINT_HASH_IDS=true');
  }
  const region = config.REPOINT_REGION ?? given.AWS_REGION ?? given.AWS_DEFAULT_REGION ?? 'us-east-1';
  return { ...config, region };
}

/** A setting as people read of it: default as it would be written, empty where there is none. */
export interface SettingDescription {
  readonly name: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** Every setting in the order of the schema, for docs/operations.md and `repoint config --help`. */
export function describeSettings(): SettingDescription[] {
  const defaults = settings.parse({});
  return Object.entries(settings.shape).map(([name, schema]) => ({
    name,
    fallback: writeSetting(defaults[name as keyof Settings]),
    meaning: schema.description ?? '',
  }));
}

/** A setting's value as it would be written in the environment. */
export function writeSetting(value: Settings[keyof Settings]): string {
  if (value === undefined) return '';
  if (value instanceof Map) return [...value].map((pair) => pair.join(':')).join(',');
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** A database's address as it may be shown: without its password, and without parameters, which may carry one. */
export function maskedUrl(text: string): string {
  if (text === '') return '';
  if (!URL.canParse(text)) return '***';
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  if (url.search !== '') url.search = '?***';
  return url.href;
}
