import { expect, it } from 'vitest';
import { RepointError } from '../src/domain/errors.ts';
import { describeError } from '../src/log.ts';

it('keeps of a Postgres error its code and place, not the row it quotes', () => {
  const error = Object.assign(new Error('duplicate key'), {
    severity: 'ERROR',
    code: '23505',
    detail: 'Key (address)=(somebody@example.com) already exists.',
  });
  const logged = describeError(new RepointError('Internal', 'writing failed', { cause: error }));
  expect(logged).toMatchObject({ message: 'writing failed', cause: { code: '23505' } });
  expect(JSON.stringify(logged)).not.toContain('somebody');
  expect(logged.cause).not.toHaveProperty('message');
});

it('names the type of what is no error', () => {
  expect(describeError('somebody@example.com')).toEqual({ name: 'string' });
});
