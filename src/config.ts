import { z } from 'zod';
import { eventsSettings } from './config/events.ts';
import { journeysSettings } from './config/journeys.ts';
import { processSettings } from './config/process.ts';
import { providersSettings } from './config/providers.ts';
import { sendingSettings } from './config/sending.ts';
import { badRequest, type Problem, refuseAny } from './domain/errors.ts';

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
 * @throws RepointError BadRequest naming every variable that is wrong, with what is allowed; what is given is not
 *   repeated, for a setting may be a secret
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    throw badRequest(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const config = parsed.data;
  refuseAny(contradictions(config));
  const region = config.REPOINT_REGION ?? given.AWS_REGION ?? given.AWS_DEFAULT_REGION ?? 'us-east-1';
  return { ...config, region };
}
/** What one setting does not allow beside another. */
function contradictions(config: Settings): Problem[] {
  const { REPOINT_DELIVERY: delivery, REPOINT_TIME_SCALE: timeScale, REPOINT_PUBLIC_URL: publicUrl } = config;
  const problems: Problem[] = [];
  if (timeScale !== 1 && delivery !== 'mailbox') {
    problems.push({
      path: 'REPOINT_TIME_SCALE',
      message: `must be 1 with REPOINT_DELIVERY=${delivery}; another, such as the ${timeScale} given, is allowed only with REPOINT_DELIVERY=mailbox, where no real person is written to`,
    });
  }
  if (publicUrl?.startsWith('https:') === false && delivery !== 'mailbox') {
    // RFC 8058, 3.1: the address of a one-click unsubscription is an https one
    problems.push({
      path: 'REPOINT_PUBLIC_URL',
      message: `must begin with https:// with REPOINT_DELIVERY=${delivery}; given ${publicUrl}`,
    });
  }
  if (config.REPOINT_HASH_IDS && config.REPOINT_HASH_KEY === undefined) {
    problems.push({ path: 'REPOINT_HASH_KEY', message: 'required with REPOINT_HASH_IDS=true' });
  }
  return problems;
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
