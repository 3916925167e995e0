import { type Context, Hono } from 'hono';
import type { Feedback } from '../../contract/feedback.ts';
import { parseSesEvent } from '../../contract/sesEvent.ts';
import { parseSmsRecord } from '../../contract/smsRecord.ts';
import type { Deps } from '../../deps.ts';
import { recordFeedback } from '../../ingest/feedback.ts';
import { createSnsReceiver } from './sns.ts';

/**
 * What providers call, under `/webhooks`: not signed by our callers, each proves itself in its own way.
 * - `POST /webhooks/ses`: SES event publishing by SNS
 * - `POST /webhooks/pinpoint-events`: records of the upstream app's event stream by SNS
 */
export function webhookRoutes(deps: Deps): Hono {
  const receiver = createSnsReceiver(deps.config);
  const answer = async (context: Context, parse: (message: string) => Feedback | null) => {
    // Envelopes carry real time; a test's logical clock may be years ahead.
    const message = await receiver.receive(await context.req.text(), new Date());
    if (message === null) return context.json({ status: 'confirmed' });
    const feedback = parse(message);
    const recorded = feedback !== null && (await recordFeedback(deps, feedback));
    if (!recorded) deps.log.debug({ path: context.req.path }, 'a notification of no message of ours');
    return context.json({ status: recorded ? 'recorded' : 'ignored' });
  };
  const app = new Hono();
  app.post('/ses', (context) => answer(context, parseSesEvent));
  app.post('/pinpoint-events', (context) => answer(context, parseSmsRecord));
  return app;
}
