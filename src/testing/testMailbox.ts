import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MailboxAccount } from '../channels/mailbox/account.ts';
import type { Faults } from '../channels/mailbox/faults.ts';
import type { MailboxMessage, PlayedEvent } from '../channels/mailbox/message.ts';
import { startMailbox } from '../channels/mailbox/startMailbox.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { testKey, testSettings } from './testDeps.ts';

export interface TestMailbox {
  readonly url: string;
  /** The test settings with this mailbox as every provider. */
  readonly config: Config;
  /** Which API hears of sends and events from now on; until then notifications fail, as if it were down. */
  pointAt(apiUrl: string): void;
  /** What goes wrong with the next sends; without an argument nothing does. */
  inject(faults?: Faults): void;
  /** Newest last; waits until the API has heard of each. */
  messages(filter?: { to?: string; channel?: MailboxMessage['channel'] }): Promise<MailboxMessage[]>;
  /** What the custom channel at a DeliveryUri answers from now on, for every endpoint; without attributes nothing. */
  answerCustom(deliveryUri: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
  /** What SES's account is like from now on; its counts begin anew. */
  setAccount(account: Partial<MailboxAccount>): Promise<void>;
  /** Plays an event back and waits for the API's answer. */
  play(id: string, type: PlayedEvent, link?: string): Promise<void>;
  close(): Promise<void>;
}

const nowhere = 'http://127.0.0.1:9';

/** A mailbox on a free port, with a file of its own. */
export async function startTestMailbox(options: { parentFolder?: string } = {}): Promise<TestMailbox> {
  const folder = await mkdtemp(path.join(options.parentFolder ?? tmpdir(), 'repoint-mailbox-'));
  let apiUrl = nowhere;
  let faults: Faults | undefined;
  const mailbox = await startMailbox({
    port: 0,
    host: '127.0.0.1',
    dataFile: path.join(folder, 'messages.ndjson'),
    apiUrl: () => apiUrl,
    log: createLog('silent'),
    credentials: testKey,
    retryDelaysMs: [],
    faults: (request) => faults?.(request),
  });
  return {
    url: mailbox.url,
    config: mailboxConfig(mailbox.url),
    pointAt: (url) => {
      apiUrl = url;
    },
    inject: (next) => {
      faults = next;
    },
    messages: async (filter = {}) => {
      await mailbox.settled();
      const response = await fetch(`${mailbox.url}/messages?${new URLSearchParams(filter)}`);
      return (await response.json()) as MailboxMessage[];
    },
    play: (id, type, link) => play(mailbox.url, id, { type, link }),
    setAccount: async (account) => {
      const response = await fetch(`${mailbox.url}/account`, {
        method: 'PUT',
        body: JSON.stringify(account),
      });
      if (response.status !== 200) throw new Error(`account: ${response.status}`);
    },
    answerCustom: async (DeliveryUri, EventAttributes) => {
      const body = JSON.stringify({ DeliveryUri, EventAttributes });
      const response = await fetch(`${mailbox.url}/custom-answers`, { method: 'PUT', body });
      if (response.status !== 204) throw new Error(`custom-answers: ${response.status}`);
    },
    close: async () => {
      await mailbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The test settings with both providers at `url`. */
export function mailboxConfig(url: string): Config {
  return readConfig({
    ...testSettings,
    REPOINT_UPSTREAM_SES_URL: url,
    REPOINT_UPSTREAM_PINPOINT_URL: url,
  });
}

async function play(url: string, id: string, event: { type: string; link?: string | undefined }) {
  const response = await fetch(`${url}/messages/${id}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  if (response.status !== 202) throw new Error(`${event.type}: ${response.status} ${await response.text()}`);
}
