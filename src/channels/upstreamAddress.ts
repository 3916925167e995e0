import { networkInterfaces } from 'node:os';
import type { Config } from '../config.ts';
import { badRequest } from '../domain/errors.ts';
import { isEveryAddress, localUrl } from '../domain/localUrl.ts';

type UpstreamSetting =
  | 'REPOINT_UPSTREAM_SES_URL'
  | 'REPOINT_UPSTREAM_PINPOINT_URL'
  | 'REPOINT_UPSTREAM_SMS_VOICE_URL'
  | 'REPOINT_UPSTREAM_LAMBDA_URL'
  | 'REPOINT_UPSTREAM_STREAMS_URL';
type UpstreamConfig = Pick<
  Config,
  'REPOINT_HOST' | 'REPOINT_PORT' | 'REPOINT_MAILBOX_PORT' | 'REPOINT_DELIVERY' | UpstreamSetting
>;

const awsHost = /(^|\.)(amazonaws\.(com|com\.cn|eu)|api\.aws|aws\.dev)$/i;

/** Where the mailbox listens, as a client on this machine reaches it. */
export function mailboxUrl(config: UpstreamConfig): string {
  if (config.REPOINT_UPSTREAM_SES_URL !== undefined)
    return config.REPOINT_UPSTREAM_SES_URL.replace(/\/$/, '');
  return localUrl(config.REPOINT_HOST, config.REPOINT_MAILBOX_PORT);
}

/**
 * The address of a provider: the setting, else the mailbox's; undefined means AWS's own for the region. Nothing
 * else decides, above all not AWS_ENDPOINT_URL, which users point at Repoint itself.
 * @throws RepointError BadRequest when the address is our own API, or is AWS while delivery is mailbox
 */
export function upstreamAddress(config: UpstreamConfig, setting: UpstreamSetting): string | undefined {
  const given = config[setting];
  const address = given ?? (config.REPOINT_DELIVERY === 'mailbox' ? mailboxUrl(config) : undefined);
  if (address === undefined) return undefined;
  const { port, protocol } = new URL(address);
  const host = hostOf(address);
  refuseAwsWithMailbox(config, setting, address);
  const effectivePort = Number(port || (protocol === 'https:' ? 443 : 80));
  if (
    config.REPOINT_PORT !== 0 &&
    effectivePort === config.REPOINT_PORT &&
    isOurs(host, config.REPOINT_HOST)
  ) {
    throw badRequest([
      { path: setting, message: `${address} is Repoint's own API; name the provider or the mailbox` },
    ]);
  }
  return address;
}

/** @throws RepointError BadRequest when the address is AWS while delivery is mailbox */
export function refuseAwsWithMailbox(
  config: Pick<Config, 'REPOINT_DELIVERY'>,
  setting: string,
  address: string,
): void {
  if (config.REPOINT_DELIVERY !== 'mailbox' || !awsHost.test(hostOf(address))) return;
  const message = `${address} is AWS, which REPOINT_DELIVERY=mailbox never reaches; use a mailbox`;
  throw badRequest([{ path: setting, message }]);
}

function hostOf(address: string): string {
  return new URL(address).hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

function isOurs(host: string, listening: string): boolean {
  if (host === listening.toLowerCase()) return true;
  const loopback = isLoopback(host) || isEveryAddress(host);
  if (isLoopback(listening)) return loopback;
  if (!isEveryAddress(listening)) return false;
  const local = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return loopback || local.some((address) => address.address === host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.endsWith('.localhost');
}
