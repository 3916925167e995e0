export { mailboxConfig, startTestMailbox, type TestMailbox } from '../../src/testing/testMailbox.ts';
