import { type Notification, parseNotification } from '../../contract/notifications/notification.ts';
import { notifications } from '../../counters.ts';
import type { Deps } from '../../deps.ts';
import { RepointError } from '../../domain/errors.ts';
import { type FeedbackDeps, recordFeedback } from './feedback.ts';
import { recordReply } from './reply.ts';

/**
 * The one door for what providers tell, by SNS over HTTPS and by SQS: when it has returned, everything that follows from
 * the notification is committed. Who sent it was proved before.
 * @param sentAt when it was sent (real time), for those that do not say when what they tell of happened
 * @returns `ignored` for what is about no message of ours, and asks for nothing
 * @throws RepointError BadRequest when it is malformed, or no notification that is known here
 */
export async function takeNotification(
  deps: FeedbackDeps & Pick<Deps, 'log'>,
  message: string,
  sentAt: Date,
): Promise<'recorded' | 'ignored'> {
  try {
    const notification = parseNotification(message);
    const isOurs = notification !== null && (await record(deps, notification, sentAt));
    if (!isOurs) deps.log.debug('a notification of no message of ours');
    const outcome = isOurs ? 'recorded' : 'ignored';
    notifications.inc({ outcome });
    return outcome;
  } catch (error) {
    const isTheirs = error instanceof RepointError && error.code === 'BadRequest';
    notifications.inc({ outcome: isTheirs ? 'refused' : 'failed' });
    throw error;
  }
}

async function record(deps: FeedbackDeps, notification: Notification, sentAt: Date): Promise<boolean> {
  if (notification.is === 'reply') return await recordReply(deps, notification.reply, sentAt);
  return await recordFeedback(deps, notification.feedback);
}
