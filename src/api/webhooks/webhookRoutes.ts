import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { takeNotification } from '../../ingest/takeNotification.ts';
import { createSnsReceiver } from './sns.ts';

/**
 * What providers call by SNS, under `/webhooks`: not signed by our callers, each proves itself in its own way. Both
 * take every notification that is known: `POST /webhooks/ses`, `POST /webhooks/pinpoint-events`.
 */
export function webhookRoutes(deps: Deps): Hono {
  const receiver = createSnsReceiver(deps.config);
  const answer = async (context: Context) => {
    // Envelopes carry real time; a test's logical clock may be years ahead.
    const envelope = await receiver.receive(await context.req.text(), new Date());
    if (envelope === null) return context.json({ status: 'confirmed' });
    const sentAt = new Date(envelope.Timestamp);
    return context.json({ status: await takeNotification(deps, envelope.Message, sentAt) });
  };
  const app = new Hono();
  app.post('/ses', answer);
  app.post('/pinpoint-events', answer);
  return app;
}
