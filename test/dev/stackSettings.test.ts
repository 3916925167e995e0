import { describe, expect, it } from 'vitest';
import { readStackSettings, wantedPorts } from '../../src/dev/stackSettings.ts';

describe('readStackSettings', () => {
  it('delivers to the mailbox and lets unknown keys in, whatever the environment says', () => {
    const { config } = readStackSettings({ REPOINT_DELIVERY: 'live', REPOINT_AUTH: 'strict' });
    expect(config).toMatchObject({ REPOINT_DELIVERY: 'mailbox', REPOINT_AUTH: 'embedded' });
  });

  it('takes no address from the settings that point AWS clients at Repoint', () => {
    const elsewhere = 'http://elsewhere.example';
    const env = {
      AWS_ENDPOINT_URL: elsewhere,
      AWS_ENDPOINT_URL_PINPOINT: elsewhere,
      AWS_ENDPOINT_URL_SESV2: elsewhere,
    };
    expect(JSON.stringify(readStackSettings(env).config)).not.toContain('elsewhere');
  });

  it.each(['REPOINT_UPSTREAM_SES_URL', 'REPOINT_UPSTREAM_PINPOINT_URL'])(
    'refuses AWS and its own API as %s before anything starts',
    (setting) => {
      expect(() => readStackSettings({ [setting]: 'https://email.us-east-1.amazonaws.com' })).toThrow(
        setting,
      );
      expect(() => readStackSettings({ [setting]: 'http://localhost:7100' })).toThrow(setting);
    },
  );

  it('refuses a queue at AWS before anything starts', () => {
    const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/events';
    expect(() => readStackSettings({ REPOINT_FEEDBACK_QUEUES: queue })).toThrow(/REPOINT_FEEDBACK_QUEUES/);
  });

  it('brings Postgres and Temporal along unless the environment names some', () => {
    expect(readStackSettings({})).toMatchObject({ embedsPostgres: true, embedsTemporal: true });
    expect(readStackSettings({ DATABASE_URL: 'postgresql://db/x' }).embedsPostgres).toBe(false);
    expect(readStackSettings({ TEMPORAL_ADDRESS: 'temporal:7233' }).embedsTemporal).toBe(false);
    expect(readStackSettings({ TEMPORAL_ADDRESS: '' }).embedsTemporal).toBe(true);
  });
});

describe('wantedPorts', () => {
  const settingsOf = (env: Record<string, string>) =>
    wantedPorts(readStackSettings(env)).map(({ setting, port }) => [setting, port]);

  it('are five when everything is embedded', () => {
    expect(settingsOf({})).toEqual([
      ['REPOINT_PORT', 7100],
      ['REPOINT_MAILBOX_PORT', 7101],
      ['REPOINT_POSTGRES_PORT', 7132],
      ['REPOINT_TEMPORAL_PORT', 7233],
      ['REPOINT_TEMPORAL_UI_PORT', 8233],
    ]);
  });

  it('leave out what the environment names', () => {
    const env = { DATABASE_URL: 'postgresql://db/x', TEMPORAL_ADDRESS: 'temporal:7233' };
    expect(settingsOf(env).map(([setting]) => setting)).toEqual(['REPOINT_PORT', 'REPOINT_MAILBOX_PORT']);
  });
});
