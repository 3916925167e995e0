import type { OutgoingPush } from './channel.ts';

/** Our id without its attempt: a second attempt replaces the first on the device. At most 64 bytes (APNs). */
export function collapseId(message: Pick<OutgoingPush, 'messageId'>): string {
  return message.messageId.replace(/-\d+$/, '').slice(0, 64);
}
