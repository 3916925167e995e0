import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Outgoing, Sender, SendOutcome } from './channel.ts';
import { createPinpointClient, createSesClient } from './clients.ts';
import { type OutgoingByPinpoint, sendByPinpoint, sendPassword } from './pinpoint.ts';
import { sendEmail } from './ses.ts';
import { storableOutcome } from './storableOutcome.ts';

type SenderByChannel = {
  [C in Outgoing['channel']]: (message: Extract<Outgoing, { channel: C }>) => Promise<SendOutcome>;
};

/**
 * The door to the providers of `config`: e-mail by SES v2, SMS, push and voice by Pinpoint.
 * @param options.timeoutMs how long one call may take in all; 10 s
 * @throws RepointError BadRequest when an upstream address is our own API, or AWS while delivery is mailbox
 */
export function createSender(config: Config, log: Log, options: { timeoutMs?: number } = {}): Sender {
  const ses = createSesClient(config);
  const pinpoint = createPinpointClient(config);
  const bySes = { accountId: config.REPOINT_ACCOUNT_ID, timeoutMs: options.timeoutMs };
  const byPinpoint = (message: OutgoingByPinpoint) => sendByPinpoint(pinpoint, message, options.timeoutMs);
  const senders: SenderByChannel = {
    EMAIL: (message) => sendEmail(ses, message, bySes),
    SMS: (message) =>
      'password' in message ? sendPassword(pinpoint, message, options.timeoutMs) : byPinpoint(message),
    PUSH: byPinpoint,
    VOICE: byPinpoint,
  };
  const dispatch = <C extends Outgoing['channel']>(message: Extract<Outgoing, { channel: C }>) =>
    (senders[message.channel as C] as (message: Extract<Outgoing, { channel: C }>) => Promise<SendOutcome>)(
      message,
    );
  return {
    async send(message) {
      const outcome = storableOutcome(await dispatch(message));
      const { messageId, appId, channel } = message;
      // A provider's reason may quote an address: only the kind is logged.
      log.debug({ messageId, appId, channel, outcome: outcome.kind }, 'provider answered');
      return outcome;
    },
  };
}
