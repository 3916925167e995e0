import { createSqsClient } from './channels/clients.ts';
import { hearQueue, type RunningQueue } from './channels/feedbackQueue.ts';
import { messageInQueue } from './contract/notifications/snsEnvelope.ts';
import type { Deps } from './deps.ts';
import { takeNotification } from './ingest/feedback/takeNotification.ts';

/**
 * Takes what providers tell out of the queues of `REPOINT_FEEDBACK_QUEUES`. Any number of workers may hear one.
 * @throws RepointError BadRequest when a queue is at AWS while delivery is mailbox
 */
export function hearFeedback(deps: Deps, options: { waitSeconds?: number } = {}): RunningQueue[] {
  const { config, db, log } = deps;
  return config.REPOINT_FEEDBACK_QUEUES.map((url) =>
    hearQueue({
      url,
      client: createSqsClient(config, url),
      log,
      waitSeconds: options.waitSeconds,
      handle: async (body, queuedAt) => {
        const { message, sentAt } = messageInQueue(body);
        await takeNotification(deps, message, sentAt ?? queuedAt);
      },
      ready: async () => {
        await db.selectNoFrom((expression) => expression.lit(1).as('one')).execute();
      },
    }),
  );
}
