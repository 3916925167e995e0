import { expect, test } from 'vitest';
import { formatMessageId, parseMessageId } from '../../src/sending/ledger.ts';

const owner = '01930000-0000-7000-8000-000000000001';

test('a message id comes back as it was written', () => {
  const text = formatMessageId({ owner, seq: 12 }, 3);
  expect(text).toMatch(/^[A-Za-z0-9-]+$/);
  expect(parseMessageId(text)).toEqual({ owner, seq: 12, attempt: 3 });
});

test.each(['', 'abc', owner, `${owner}-1`, `${owner}-1-2-3`, `${owner}-1-x`, ` ${owner}-1-2`])(
  'an id of somebody else is not ours: %j',
  (text) => {
    expect(parseMessageId(text)).toBeNull();
  },
);
