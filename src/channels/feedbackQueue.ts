import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { queuesFailing } from '../counters.ts';
import type { Log } from '../log.ts';

export interface QueueSettings {
  readonly url: string;
  readonly client: SQSClient;
  /** Deals with the body of a message, sent at an instant (real time); once it has resolved, the message is deleted. */
  readonly handle: (body: string, sentAt: Date) => Promise<void>;
  /** Rejects while nothing could be dealt with: then nothing is received, so that no message is given up meanwhile. */
  readonly ready: () => Promise<void>;
  readonly log: Log;
  /** How long SQS holds a request that finds nothing; 20, the most it allows. */
  readonly waitSeconds?: number | undefined;
}

/** How a queue is heard, for `GET /healthz`. Counts are since the start. */
export interface QueueStatus {
  readonly queue: string;
  readonly state: 'hearing' | 'failing';
  /** Messages that were dealt with, and those that were left in the queue. */
  readonly taken: number;
  readonly left: number;
  readonly lastTakenAt: string | null;
}

export interface RunningQueue {
  status(): QueueStatus;
  /** Receives no more, lets what is being dealt with come to its end, and resolves then. */
  stop(): Promise<void>;
}

const AFTER_FAILURE_MS = 5_000;
/** Longer than a message takes. */
const STOP_WITHIN_MS = 15_000;

/**
 * Hears a queue until it is stopped: ten messages at a time, side by side, and then those that were dealt with are deleted, in one
 * request, for SQS is paid by the request. One that cannot be stays in the queue and comes again until the queue's redrive policy
 * takes it.
 */
export function hearQueue(settings: QueueSettings): RunningQueue {
  const hearing = new Hearing(settings);
  const consumer = Consumer.create({
    queueUrl: settings.url,
    sqs: settings.client,
    batchSize: 10,
    messageSystemAttributeNames: ['SentTimestamp'],
    waitTimeSeconds: settings.waitSeconds ?? 20,
    pollingCompleteWaitTimeMs: STOP_WITHIN_MS,
    suppressFifoWarning: true,
    preReceiveMessageCallback: () => hearing.untilReady(),
    postReceiveMessageCallback: async () => hearing.received(),
    handleMessageBatch: (messages) => hearing.takeAll(messages),
  });
  consumer.on('error', (error) => hearing.failed(error));
  consumer.on('response_processed', () => hearing.dealtWith());
  const stopped = new Promise<void>((resolve) => consumer.once('stopped', () => resolve()));
  consumer.start();
  return {
    status: () => hearing.status(),
    stop: () => {
      hearing.stop();
      // A wait for messages is cut short; a message that is being dealt with is still deleted afterwards.
      consumer.stop({ abort: !hearing.isBusy });
      return stopped;
    },
  };
}

/** What is known of one queue. */
class Hearing {
  readonly stopping = new AbortController();
  isBusy = false;
  #failing = false;
  #taken = 0;
  #left = 0;
  #lastTakenAt: Date | null = null;
  readonly #settings: QueueSettings;

  constructor(settings: QueueSettings) {
    this.#settings = settings;
  }

  async untilReady(): Promise<void> {
    if (this.#failing) await sleep(AFTER_FAILURE_MS, undefined, { signal: this.stopping.signal });
    await this.#settings.ready();
  }

  received(): void {
    if (!this.#failing) return;
    this.#setFailing(false);
    this.#settings.log.info({ queue: this.#settings.url }, 'a queue can be heard again');
  }

  dealtWith(): void {
    this.isBusy = false;
  }

  /** @returns those that were dealt with */
  async takeAll(messages: readonly Message[]): Promise<Message[]> {
    this.isBusy = true;
    const taken = await Promise.all(messages.map((message) => this.#take(message)));
    return messages.filter((_, index) => taken[index]);
  }

  async #take({ MessageId, Body, Attributes }: Message): Promise<boolean> {
    try {
      const sentAt = new Date(Number(Attributes?.SentTimestamp ?? Date.now()));
      await this.#settings.handle(Body ?? '', sentAt);
      this.#taken += 1;
      this.#lastTakenAt = new Date();
      return true;
    } catch (error) {
      this.#left += 1;
      const { url: queue, log } = this.#settings;
      log.error({ err: error, queue, sqsMessage: MessageId }, 'a message was left in its queue');
      return false;
    }
  }

  failed(error: Error): void {
    this.isBusy = false;
    if (this.stopping.signal.aborted) return;
    const { url: queue, log } = this.#settings;
    // once: it is tried every few seconds
    log[this.#failing ? 'debug' : 'error']({ err: error, queue }, 'a queue cannot be heard; trying again');
    this.#setFailing(true);
  }

  stop(): void {
    this.stopping.abort();
    this.#setFailing(false);
  }

  #setFailing(failing: boolean): void {
    if (failing !== this.#failing) queuesFailing.inc(failing ? 1 : -1);
    this.#failing = failing;
  }

  status(): QueueStatus {
    return {
      queue: this.#settings.url,
      state: this.#failing ? 'failing' : 'hearing',
      taken: this.#taken,
      left: this.#left,
      lastTakenAt: this.#lastTakenAt?.toISOString() ?? null,
    };
  }
}
