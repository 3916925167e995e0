import type { OutgoingEmail } from './channel.ts';

const identityForm = /^arn:aws[a-z-]*:ses:[a-z0-9-]+:(\d{12}):identity\/(.+)$/;
/** What REPOINT_ACCOUNT_ID is where nobody said which account sends. */
const unknownAccount = '000000000000';

/**
 * The identity of another account that an e-mail is sent by: SES wants to be told of it ("sending authorization"), and
 * only of such a one. None where the message's sender is not of that identity: then it is not what permits it.
 */
export function othersIdentity(
  { identity = '', from }: Pick<OutgoingEmail, 'identity' | 'from'>,
  accountId: string,
): string | undefined {
  const [, owner, name] = identityForm.exec(identity) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  if (accountId === unknownAccount || owner === accountId) return undefined;
  return isOf(from, name.toLowerCase()) ? identity : undefined;
}

/** Whether an address, `a@example.com` or `Name <a@example.com>`, is the identity or of its domain or one below. */
function isOf(from: string, name: string): boolean {
  const address = (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase();
  if (name.includes('@')) return address === name;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return domain === name || domain.endsWith(`.${name}`);
}
