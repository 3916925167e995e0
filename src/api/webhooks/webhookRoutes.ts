import { type Context, Hono } from 'hono';
import { notifications } from '../../counters.ts';
import type { Deps } from '../../deps.ts';
import { type ErrorCode, RepointError } from '../../domain/errors.ts';
import type { SnsEnvelope } from '../../domain/snsEnvelope.ts';
import { takeNotification } from '../../ingest/feedback/takeNotification.ts';
import { createSnsReceiver, type SnsReceiver } from './sns.ts';

type WebhookDeps = Pick<Deps, 'config' | 'db' | 'clock' | 'log'>;

/**
 * What providers call by SNS, under `/webhooks`: not signed by our callers, each proves itself in its own way. Both
 * take every notification that is known: `POST /webhooks/ses`, `POST /webhooks/pinpoint-events`.
 */
export function webhookRoutes(
  deps: WebhookDeps,
  receiver: SnsReceiver = createSnsReceiver(deps.config),
): Hono {
  const tell = createTeller(deps);
  const answer = async (context: Context) => {
    const envelope = await prove(receiver, await context.req.text()).catch(tell);
    return context.json({ status: await follow[envelope.Type](deps, envelope).catch(tell) });
  };
  const app = new Hono();
  app.post('/ses', answer);
  app.post('/pinpoint-events', answer);
  return app;
}

async function prove(receiver: SnsReceiver, body: string): Promise<SnsEnvelope> {
  try {
    // Envelopes carry real time; a test's logical clock may be years ahead.
    return await receiver.receive(body, new Date());
  } catch (error) {
    notifications.inc({ outcome: 'unproved' });
    throw error;
  }
}

const follow: Record<SnsEnvelope['Type'], (deps: WebhookDeps, envelope: SnsEnvelope) => Promise<string>> = {
  Notification: (deps, { Message, Timestamp }) => takeNotification(deps, Message, new Date(Timestamp)),
  SubscriptionConfirmation: async ({ log }, { TopicArn: topic }) => {
    log.info({ topic }, 'the subscription to a topic is confirmed: its notifications come here');
    return 'confirmed';
  },
  UnsubscribeConfirmation: async ({ log }, { TopicArn: topic }) => {
    log.warn({ topic }, 'the subscription to a topic was ended: its notifications come here no more');
    return 'ended';
  },
};

const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BadRequest', 'Forbidden']);
/** Real milliseconds between warnings: anybody who reaches the port may send what is refused. */
const WARN_EVERY_MS = 10_000;

/** Logs why something is refused, since SNS keeps the answer to itself; what is a fault of ours is logged by whoever answers it. */
function createTeller({ log }: WebhookDeps): (error: unknown) => never {
  let warnedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const isTheirs = error instanceof RepointError && refusals.has(error.code);
    if (isTheirs && performance.now() - warnedAt >= WARN_EVERY_MS) {
      warnedAt = performance.now();
      log.warn(
        { reason: error.message },
        'a notification was refused; others may have been within ten seconds',
      );
    }
    throw error;
  };
}
