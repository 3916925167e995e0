import { z } from 'zod';
import { accessKeys, port, url } from './forms.ts';

/** Where the processes run and are reached. */
export const processSettings = {
  REPOINT_HOST: z.string().default('127.0.0.1').describe('address the API and the mailbox listen on'),
  REPOINT_PORT: port.default(7100).describe('port of the API'),
  REPOINT_MAILBOX_PORT: port.default(7101).describe('port of the mailbox'),
  REPOINT_WORKER_PORT: port.default(7102).describe("port of a separate worker's GET /healthz and /metrics"),
  REPOINT_POSTGRES_PORT: port.default(7132).describe('port of the embedded Postgres'),
  REPOINT_TEMPORAL_PORT: port.default(7233).describe('port of the embedded Temporal server'),
  REPOINT_TEMPORAL_UI_PORT: port.default(8233).describe('port of the embedded Temporal Web UI'),
  REPOINT_DATA_DIR: z.string().default('.repoint').describe('where the embedded stack keeps its data'),
  DATABASE_URL: z.string().optional().describe('Postgres; default the embedded one'),
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
  TEMPORAL_NAMESPACE: z
    .string()
    .default('default')
    .describe("Temporal's own setting, here for links into its Web UI"),
  REPOINT_TEMPORAL_UI_URL: url.optional().describe('Temporal Web UI, for links'),
  REPOINT_API_URL: url.optional().describe('where a separate mailbox reaches the API; default this machine'),
  REPOINT_AUTH: z
    .enum(['strict', 'embedded'])
    .default('strict')
    .describe('embedded: on loopback an unknown access key passes, marked unverified'),
  REPOINT_ACCESS_KEYS: accessKeys
    .default(new Map())
    .describe('access keys that may call the API: KEYID:secret, comma separated'),
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
};
