import { expect, test } from 'vitest';
import { z } from 'zod';
import { zodProblems } from '../../src/contract/zodProblems.ts';

const filter = z.strictObject({ state: z.enum(['sent', 'failed']), page: z.strictObject({}) });

test('each member that is not known is a problem of its own, under its own name', () => {
  const given = { state: 'lost', page: { size: 1 }, bogus: 1, other: 2 };
  const { error } = filter.safeParse(given, { reportInput: true });
  expect(error && zodProblems(error)).toEqual([
    { path: 'state', message: 'must be one of sent, failed; given "lost"' },
    { path: 'page.size', message: 'is not known here' },
    { path: 'bogus', message: 'is not known here' },
    { path: 'other', message: 'is not known here' },
  ]);
});
