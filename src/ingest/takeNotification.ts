import { parseNotification } from '../contract/notification.ts';
import type { Deps } from '../deps.ts';
import { recordFeedback } from './feedback.ts';

/**
 * The one door for what providers tell, by SNS over HTTPS and by SQS: when it has returned, everything that follows from
 * the notification is committed. Who sent it was proved before.
 * @returns `ignored` for what is about no message of ours
 * @throws RepointError BadRequest when it is malformed, or no notification that is known here
 */
export async function takeNotification(
  deps: Pick<Deps, 'db' | 'clock' | 'config' | 'log'>,
  message: string,
): Promise<'recorded' | 'ignored'> {
  const feedback = parseNotification(message);
  if (feedback !== null && (await recordFeedback(deps, feedback))) return 'recorded';
  deps.log.debug('a notification of no message of ours');
  return 'ignored';
}
