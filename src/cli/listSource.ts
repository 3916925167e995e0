import { upstreamAddress } from '../channels/upstreamAddress.ts';
import type { Config } from '../config.ts';
import { badRequest } from '../domain/errors.ts';

type ListSetting = 'REPOINT_UPSTREAM_SES_URL' | 'REPOINT_UPSTREAM_SMS_VOICE_URL';
type Environment = Readonly<Record<string, string | undefined>>;

/** Tells whose list is about to be read: at AWS it is that of a real account. @throws RepointError as `listSource` */
export function announceSource(config: Config, list: string, setting: ListSetting): void {
  console.error(`Reading ${list} ${listSource(config, setting, process.env)}`);
}

/**
 * Where a provider's list is read, in words. The embedded stack delivers to its mailbox, which a command beside it does not
 * know: there it has to be said, so that no account at AWS is read by mistake.
 * @throws RepointError BadRequest where nothing says which it is to be
 */
export function listSource(config: Config, setting: ListSetting, env: Environment): string {
  const address = upstreamAddress(config, setting);
  if (address !== undefined) return `at ${address}`;
  if (env.REPOINT_DELIVERY !== undefined || !isEmbedded(config))
    return `of your account at AWS, ${config.region}, with the credentials that the AWS SDK finds`;
  const message =
    "DATABASE_URL is the embedded stack's, which delivers to its mailbox: set REPOINT_DELIVERY=mailbox to read the " +
    "mailbox's list, or REPOINT_DELIVERY=live to read that of your account at AWS";
  throw badRequest([{ path: 'REPOINT_DELIVERY', message }]);
}

const here: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isEmbedded({ DATABASE_URL: database, REPOINT_POSTGRES_PORT: embedded }: Config): boolean {
  if (database === undefined || !URL.canParse(database)) return false;
  const { hostname, port } = new URL(database);
  return here.has(hostname) && port === String(embedded);
}
