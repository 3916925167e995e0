import { refuseAwsWithMailbox, upstreamAddress } from '../channels/upstreamAddress.ts';
import { type Config, readConfig } from '../config.ts';
import { localUrl } from '../domain/localUrl.ts';
import type { WantedPort } from './ports.ts';

type Environment = Record<string, string | undefined>;

/** What the embedded stack brings along itself, and what the environment names instead. */
export interface StackSettings {
  readonly config: Config;
  readonly embedsPostgres: boolean;
  readonly embedsTemporal: boolean;
}

/**
 * The settings of the embedded stack. Whatever the environment says, messages go to the mailbox and an unknown
 * access key passes on loopback.
 * @throws RepointError BadRequest naming every setting that is wrong, also an upstream address that is AWS or our own
 */
export function readStackSettings(env: Environment): StackSettings {
  const own = readConfig({ ...env, REPOINT_DELIVERY: 'mailbox', REPOINT_AUTH: 'embedded' });
  const config = withUnsubscribeLinks(own);
  // Asked here so that a wrong address is told before anything has started.
  upstreamAddress(config, 'REPOINT_UPSTREAM_SES_URL');
  upstreamAddress(config, 'REPOINT_UPSTREAM_PINPOINT_URL');
  for (const queue of config.REPOINT_FEEDBACK_QUEUES)
    refuseAwsWithMailbox(config, 'REPOINT_FEEDBACK_QUEUES', queue);
  return {
    config,
    embedsPostgres: config.DATABASE_URL === undefined,
    embedsTemporal: !env.TEMPORAL_ADDRESS,
  };
}

/** Links to this machine: nobody but who reads the mailbox gets one. */
function withUnsubscribeLinks(config: Config): Config {
  const { REPOINT_HOST: host, REPOINT_PORT: port, REPOINT_UNSUBSCRIBE_KEYS: keys } = config;
  return {
    ...config,
    REPOINT_PUBLIC_URL: config.REPOINT_PUBLIC_URL ?? localUrl(host, port),
    REPOINT_UNSUBSCRIBE_KEYS: keys.length > 0 ? keys : ['embedded, for the mailbox only'],
  };
}

/** The ports that the stack is about to take. */
export function wantedPorts({ config, embedsPostgres, embedsTemporal }: StackSettings): WantedPort[] {
  const host = config.REPOINT_HOST;
  const local = '127.0.0.1';
  const postgres = { port: config.REPOINT_POSTGRES_PORT, host: local, setting: 'REPOINT_POSTGRES_PORT' };
  const temporal = { port: config.REPOINT_TEMPORAL_PORT, host: local, setting: 'REPOINT_TEMPORAL_PORT' };
  const ui = { port: config.REPOINT_TEMPORAL_UI_PORT, host: local, setting: 'REPOINT_TEMPORAL_UI_PORT' };
  return [
    { port: config.REPOINT_PORT, host, setting: 'REPOINT_PORT', what: 'the API' },
    { port: config.REPOINT_MAILBOX_PORT, host, setting: 'REPOINT_MAILBOX_PORT', what: 'the mailbox' },
    ...(embedsPostgres ? [{ ...postgres, what: 'Postgres' }] : []),
    ...(embedsTemporal
      ? [
          { ...temporal, what: 'Temporal' },
          { ...ui, what: "Temporal's Web UI" },
        ]
      : []),
  ];
}
