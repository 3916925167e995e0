import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { MailboxMessage } from './message.ts';

/** One send that reached the mailbox, before it is answered. */
export interface FaultRequest {
  readonly operation: 'SendEmail' | 'SendMessages' | 'CallCustomChannel';
  readonly message: MailboxMessage;
  /** Counts the sends from 1. */
  readonly number: number;
}

/**
 * What to do instead of accepting and answering.
 * - drop: accept it and cut the connection before the answer
 * - stall: accept it (unless `accepted` is false) and never answer
 * - status: answer this status and do not accept it, unless `accepted` (a 500 after the fact)
 * - result: Pinpoint only: HTTP 200 with this DeliveryStatus for the address
 */
export type Fault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'stall'; readonly accepted?: boolean }
  | {
      readonly kind: 'status';
      readonly status: 400 | 403 | 404 | 408 | 429 | 500 | 503;
      readonly code: string;
      readonly retryAfter?: string;
      readonly accepted?: boolean;
    }
  | {
      readonly kind: 'result';
      readonly deliveryStatus: string;
      readonly statusCode: number;
      readonly updatedToken?: string;
    };

export type Faults = (request: FaultRequest) => Fault | undefined;

type HttpFault = Exclude<Fault, { kind: 'result' }>;

/** Whether the provider takes the message although something goes wrong. */
export function isAccepted(fault: Fault | undefined): boolean {
  if (fault === undefined || fault.kind === 'drop') return true;
  if (fault.kind === 'stall') return fault.accepted ?? true;
  return fault.kind === 'status' && (fault.accepted ?? false);
}

/** Answers a send the faulty way. */
export function answerFault(context: Context<{ Bindings: HttpBindings }>, fault: HttpFault): Response {
  if (fault.kind === 'drop') {
    context.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  // The connection stays open until the caller gives up or the mailbox is closed.
  if (fault.kind === 'stall') return RESPONSE_ALREADY_SENT;
  return context.json({ message: `Fault: ${fault.code}` }, fault.status, {
    'x-amzn-ErrorType': fault.code,
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }),
  });
}
