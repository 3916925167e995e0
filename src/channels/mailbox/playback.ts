import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { type MailboxMessage, type PlayedEvent, statusOfEvent } from './message.ts';
import type { MessageStore } from './messageStore.ts';
import { clickOnce, oneClickPath } from './oneClick.ts';
import { canBeOpened, openNotification, type PhoneSettings } from './phone.ts';
import { isSesEvent, type SesEvent, sesNotification } from './sesNotification.ts';
import type { SigningKey } from './signingKey.ts';
import { isSmsEvent, smsRecord } from './smsRecord.ts';
import { isReply, smsReply } from './smsReply.ts';
import { sealNotification } from './topic.ts';

export interface PlaybackSettings extends Omit<PhoneSettings, 'apiUrl'> {
  readonly store: MessageStore;
  readonly key: SigningKey;
  readonly log: Log;
  /** Both are known only once the servers listen. */
  readonly mailboxUrl: () => string;
  readonly apiUrl: () => string;
  /** How long to wait before each further try of a send notification. */
  readonly retryDelaysMs: readonly number[];
}

export type PlayResult =
  | { readonly kind: 'played' }
  | { readonly kind: 'impossible'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Playback {
  /** Produces the provider's own notification of an event and gives it to the API; waits for the API's answer. */
  play(message: MailboxMessage, event: PlayedEvent, link: string | null): Promise<PlayResult>;
  /** SES's word that it took an e-mail: tried some times, as SNS does, while the API does not take it. */
  announceSend(message: MailboxMessage): Promise<void>;
  /** Ends the waits between tries. */
  stop(): void;
}

const postTimeoutMs = 10_000;

/** The providers' side of events: what a far end did, told to the API as they tell it. */
export function createPlayback(settings: PlaybackSettings): Playback {
  const stopping = new AbortController();
  return {
    stop: () => stopping.abort(),
    async play(message, event, link) {
      const deliver = deliveries[message.channel](settings, message, event, link);
      if (typeof deliver === 'string') return { kind: 'impossible', reason: deliver };
      try {
        await deliver();
      } catch (error) {
        settings.log.warn({ err: error, mailboxMessage: message.id, event }, 'the API did not take an event');
        return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
      }
      await settings.store.setStatus(message.id, statusOfEvent[event]);
      return { kind: 'played' };
    },
    async announceSend(message) {
      if (message.channel !== 'EMAIL') return;
      for (const delayMs of [0, ...settings.retryDelaysMs]) {
        if (!(await pause(delayMs, stopping.signal))) return;
        if (await announced(settings, message)) return;
      }
    },
  };
}

/** Waits, or answers false when the mailbox stops. */
async function pause(delayMs: number, stop: AbortSignal): Promise<boolean> {
  await sleep(delayMs, undefined, { signal: stop, ref: false }).catch(() => {});
  return !stop.aborted;
}

async function announced(settings: PlaybackSettings, message: MailboxMessage): Promise<boolean> {
  try {
    await postSes(settings, message, 'send', null);
    return true;
  } catch (error) {
    settings.log.warn({ err: error, mailboxMessage: message.id }, 'the API did not take a send notification');
    return false;
  }
}

/** What gives an event to the API, or why a message of this channel cannot have it. */
type Deliver = (
  settings: PlaybackSettings,
  message: MailboxMessage,
  event: PlayedEvent,
  link: string | null,
) => (() => Promise<void>) | string;

const deliveries: Record<MailboxMessage['channel'], Deliver> = {
  EMAIL: (settings, message, event, link) => {
    if (isSesEvent(event)) return () => postSes(settings, message, event, link);
    if (event !== 'unsubscribe') return `an e-mail has no ${event} event`;
    const place = oneClickPath(message);
    return 'problem' in place
      ? place.problem
      : () => clickOnce(`${settings.apiUrl()}${place.path}`, postTimeoutMs);
  },
  SMS: (settings, message, event) => {
    const tell = (told: object) => () => post(settings, '/webhooks/pinpoint-events', told);
    if (isReply(event)) return tell(smsReply(message, event));
    return isSmsEvent(event) ? tell(smsRecord(message, event, new Date())) : `an SMS has no ${event} event`;
  },
  PUSH: (settings, message, event) => {
    if (event !== 'open') return `a push has no ${event} event; only open`;
    if (!canBeOpened(message))
      return 'this push went to a bare token: no endpoint could tell that it was opened';
    const { credentials } = settings;
    return () => openNotification(message, { apiUrl: settings.apiUrl(), credentials }, new Date());
  },
  VOICE: () => 'a call has no events: Pinpoint, too, reports none of those that SendMessages makes',
  CUSTOM: () => 'a custom channel tells by its answer, PUT /custom-answers, and has no events to play',
};

function postSes(
  settings: PlaybackSettings,
  message: MailboxMessage,
  event: SesEvent,
  link: string | null,
): Promise<void> {
  return post(settings, '/webhooks/ses', sesNotification(message, event, new Date(), link));
}

async function post(settings: PlaybackSettings, path: string, notification: object): Promise<void> {
  const envelope = sealNotification(notification, settings.key, settings.mailboxUrl());
  const response = await fetch(`${settings.apiUrl()}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': envelope.Type,
      'x-amz-sns-message-id': envelope.MessageId,
      'x-amz-sns-topic-arn': envelope.TopicArn,
    },
    body: JSON.stringify(envelope),
    redirect: 'error',
    signal: AbortSignal.timeout(postTimeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 200)}`);
}
