import type { Command } from 'commander';
import { type Config, describeSettings, maskedUrl, readConfig, settings, writeSetting } from '../config.ts';

/** `repoint config`: every setting as it is in force. */
export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('print every setting as it is in force, secrets masked')
    .action(() => {
      for (const line of configLines(readConfig(process.env))) console.log(line);
    });
}

/** A line for each setting, `NAME=value  # meaning`, without secrets. */
export function configLines(config: Config): string[] {
  const lines = describeSettings().map(({ name, meaning }) => {
    const key = settings.keyof().parse(name);
    return { assignment: `${name}=${masked(key, config)}`, meaning };
  });
  const width = Math.max(...lines.map(({ assignment }) => assignment.length));
  return lines.map(({ assignment, meaning }) => `${assignment.padEnd(width)}  # ${meaning}`);
}

function masked(name: keyof Config & string, config: Config): string {
  if (name === 'REPOINT_REGION') return config.region;
  if (name === 'REPOINT_ACCESS_KEYS') {
    return [...config.REPOINT_ACCESS_KEYS.keys()].map((id) => `${id}:***`).join(',');
  }
  if (name === 'REPOINT_UNSUBSCRIBE_KEYS') return config[name].map(() => '***').join(',');
  if (name === 'REPOINT_HASH_KEY' || name === 'REPOINT_METRICS_TOKEN')
    return config[name] === undefined ? '' : '***';
  if (name === 'REPOINT_WEBHOOK_SECRETS') return config.REPOINT_WEBHOOK_SECRETS.map(() => '***').join(',');
  if (name === 'DATABASE_URL') return maskedUrl(config.DATABASE_URL ?? '');
  return writeSetting(config[name]);
}
