import { describe, expect, it } from 'vitest';
import { configLines } from '../../src/cli/config.ts';
import { describeSettings, readConfig } from '../../src/config.ts';

const lineOf = (env: Record<string, string>, name: string) =>
  configLines(readConfig(env)).find((line) => line.startsWith(`${name}=`));

describe('repoint config', () => {
  it('prints every setting with its meaning', () => {
    const lines = configLines(readConfig({}));
    expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toEqual(
      describeSettings().map(({ name }) => name),
    );
    expect(lines.every((line) => /# .+/.test(line))).toBe(true);
  });

  it('shows what is in force, not what is the default', () => {
    expect(lineOf({ REPOINT_PORT: '8000' }, 'REPOINT_PORT')).toMatch(/^REPOINT_PORT=8000 /);
    expect(lineOf({ AWS_DEFAULT_REGION: 'eu-west-1' }, 'REPOINT_REGION')).toMatch(/=eu-west-1 /);
  });

  it('prints no secret of an access key', () => {
    const env = { REPOINT_ACCESS_KEYS: 'AKIAONE:uncovered1,AKIATWO:uncovered2' };
    expect(lineOf(env, 'REPOINT_ACCESS_KEYS')).toMatch(/=AKIAONE:\*\*\*,AKIATWO:\*\*\* /);
    expect(configLines(readConfig(env)).join()).not.toMatch(/uncovered/);
  });

  it('prints no secret that signs webhooks, nor one that is refused', () => {
    const secret = `whsec_${'uncovered'.repeat(4)}`;
    const env = { REPOINT_WEBHOOK_SECRETS: `${secret},${secret}` };
    expect(lineOf(env, 'REPOINT_WEBHOOK_SECRETS')).toMatch(/=\*\*\*,\*\*\* /);
    const refused = () => readConfig({ REPOINT_WEBHOOK_SECRETS: 'whsec_uncovered' });
    expect(refused).toThrow(/REPOINT_WEBHOOK_SECRETS.*24 to 64 bytes/);
    expect(refused).not.toThrow(/uncovered/);
  });

  it('names all settings at once that do not go together, each with what is given and what is allowed', () => {
    const env = {
      REPOINT_DELIVERY: 'live',
      REPOINT_TIME_SCALE: '60',
      REPOINT_PUBLIC_URL: 'http://mail.example',
      REPOINT_HASH_IDS: 'true',
    };
    expect(() => readConfig(env)).toThrow(
      /REPOINT_TIME_SCALE: must be 1 .* the 60 given.*; REPOINT_PUBLIC_URL: must begin with https:.* given http:\/\/mail.example; REPOINT_HASH_KEY: required/,
    );
  });

  it.each([
    ['in its place', 'postgresql://ann:hunter2@db:5432/repoint'],
    ['as a parameter', 'postgresql://db/repoint?user=ann&password=hunter2'],
    ['in a form that is no URL', 'host=db password=hunter2'],
  ])('prints no password of DATABASE_URL given %s', (_where, DATABASE_URL) => {
    expect(lineOf({ DATABASE_URL }, 'DATABASE_URL')).not.toContain('hunter2');
  });
});
