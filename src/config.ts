import { z } from 'zod';
import { eventsSettings } from './config/events.ts';
import { journeysSettings } from './config/journeys.ts';
import { processSettings } from './config/process.ts';
import { providersSettings } from './config/providers.ts';
import { sendingSettings } from './config/sending.ts';
import { RepointError } from './domain/errors.ts';

/** Every setting of Repoint's own: its variable, type, default and meaning. Printed by `repoint config`. */
export const settings = z.object({
  ...processSettings,
  ...providersSettings,
  ...journeysSettings,
  ...sendingSettings,
  ...eventsSettings,
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
