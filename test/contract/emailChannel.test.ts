import { expect, test } from 'vitest';
import { checkEmailChannel } from '../../src/contract/emailChannel.ts';

const channel = (FromAddress: string) => ({ FromAddress, Identity: 'arn:aws:ses:us-east-1:1:identity/x' });

test.each(['a@example.com', 'Ann <a@example.com>', '"Ann, of us" <a@example.com>', '<a@b>'])(
  'mail may come from %j',
  (from) => {
    expect(checkEmailChannel(channel(from))).toEqual(channel(from));
  },
);

test.each(['', 'example.com', 'Ann', 'a@b, c@d', 'Ann a@b', 'a@b <c>'])('%j is no sender', (from) => {
  expect(() => checkEmailChannel(channel(from))).toThrow(/^FromAddress: must be an e-mail address/);
});
