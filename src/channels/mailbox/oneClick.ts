import type { MailboxMessage } from './message.ts';

const header = 'list-unsubscribe';
const noneGiven =
  'the e-mail has no List-Unsubscribe header of Repoint: those of journeys and campaigns to an endpoint have one';

/**
 * Where on the API one click unsubscribes, or why this e-mail has no such place. Whatever host the link names, nobody but
 * the API beside the mailbox is asked.
 */
export function oneClickPath(
  message: MailboxMessage,
): { readonly path: string } | { readonly problem: string } {
  const [, value] =
    Object.entries(message.headers ?? {}).find(([name]) => name.toLowerCase() === header) ?? [];
  const [path] = /\/unsubscribe\/[\w.-]+(?=>)/.exec(value ?? '') ?? [];
  return path === undefined ? { problem: noneGiven } : { path };
}

/** One click in a mail program, as RFC 8058 has it send. @throws Error when the API does not take it */
export async function clickOnce(url: string, timeoutMs: number): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`the unsubscribe link answered ${response.status}`);
}
