import { createRequire } from 'node:module';
import path from 'node:path';

type ReadEvent = (
  message: { readonly data?: unknown },
  event: string,
) => { readonly name: string; readonly attributes: Record<string, string> } | null;

const require = createRequire(import.meta.url);

/**
 * The event that Amplify's push notifications report for what reached a device; null where it reports nothing. Its parser
 * is not exported, and its module needs React Native; the one file has no imports.
 */
export function amplifyEvent(data: unknown, event = 'opened_notification'): ReturnType<ReadEvent> {
  const root = path.dirname(require.resolve('@aws-amplify/notifications/package.json'));
  const file = 'dist/cjs/pushNotifications/providers/pinpoint/utils/getAnalyticsEvent.js';
  const { getAnalyticsEvent } = require(path.join(root, file)) as { getAnalyticsEvent: ReadEvent };
  return getAnalyticsEvent({ data }, event);
}
