import { startTestMailbox, type TestMailbox } from '../../src/testing/testMailbox.ts';
import { useStarted } from './useStarted.ts';

export { mailboxConfig, startTestMailbox, type TestMailbox } from '../../src/testing/testMailbox.ts';

/** A mailbox for the tests of a file. */
export function useMailbox(): TestMailbox {
  return useStarted(startTestMailbox, (mailbox) => mailbox.close());
}
