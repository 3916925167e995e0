import type { MailboxMessage, PlayedEvent } from '../channels/mailbox/message.ts';
import { RepointError } from '../domain/errors.ts';

/** The mailbox, by its HTTP. */
export interface DemoMailbox {
  /** The messages that one application sent, oldest first. */
  messages(appId: string): Promise<MailboxMessage[]>;
  /** Plays an event of a message back, as its provider would tell it. */
  play(messageId: string, type: PlayedEvent): Promise<void>;
}

export function createDemoMailbox(url: string): DemoMailbox {
  return {
    messages: async (appId) => {
      const response = await fetch(`${url}/messages`);
      const messages = (await response.json()) as MailboxMessage[];
      return messages.filter((message) => message.appId === appId);
    },
    play: async (messageId, type) => {
      const response = await fetch(`${url}/messages/${encodeURIComponent(messageId)}/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type }),
      });
      if (response.status === 202) return;
      throw new RepointError('Conflict', `The mailbox answered ${response.status}: ${await response.text()}`);
    },
  };
}
