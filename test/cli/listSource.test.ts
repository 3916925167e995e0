import { expect, it } from 'vitest';
import { listSource } from '../../src/cli/listSource.ts';
import { readConfig } from '../../src/config.ts';

const embedded = 'postgresql://repoint:secret@127.0.0.1:7132/repoint';

function source(env: Record<string, string>): string {
  return listSource(readConfig(env), 'REPOINT_UPSTREAM_SES_URL', env);
}

it('beside the embedded stack it has to be said whose list is read', () => {
  expect(() => source({ DATABASE_URL: embedded })).toThrow(
    /REPOINT_DELIVERY=mailbox .* REPOINT_DELIVERY=live/,
  );
  expect(source({ DATABASE_URL: embedded, REPOINT_DELIVERY: 'mailbox' })).toBe('at http://127.0.0.1:7101');
  expect(source({ DATABASE_URL: embedded, REPOINT_DELIVERY: 'live' })).toContain('your account at AWS');
  const url = 'http://127.0.0.1:9000';
  expect(source({ DATABASE_URL: embedded, REPOINT_UPSTREAM_SES_URL: url })).toBe(`at ${url}`);
});

it('elsewhere it is AWS, and which region is told', () => {
  expect(source({ DATABASE_URL: 'postgresql://db.internal/repoint', AWS_REGION: 'eu-west-1' })).toContain(
    'AWS, eu-west-1,',
  );
});
