import type { EndpointMessageResult } from '@aws-sdk/client-pinpoint';
import type { SendOutcome } from '../../channels/channel.ts';
import { present } from '../../domain/present.ts';
import type { Delivered } from '../../sending/deliver.ts';
import { type SettledClaim, SUPPRESSED } from '../../sending/ledger.ts';

/** What the API answers for one recipient. */
export type Result = Omit<EndpointMessageResult, 'Address'>;

/** Nothing was sent and trying again as it stands will not help. */
export function failure(statusCode: number, message: string): Result {
  return { DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: statusCode, StatusMessage: message };
}

/** Nothing was sent; later it may go. */
export function notNow(message: string): Result {
  return { DeliveryStatus: 'TEMPORARY_FAILURE', StatusCode: 503, StatusMessage: message };
}

/** Nothing was sent: more than the channel lets leave. As a provider's own throttle is told. */
export function throttled(message: string): Result {
  return { DeliveryStatus: 'THROTTLED', StatusCode: 429, StatusMessage: message };
}

/** It may have been sent: the provider's own report will tell. */
export function unclear(message: string): Result {
  return { DeliveryStatus: 'UNKNOWN_FAILURE', StatusCode: 500, StatusMessage: message };
}

function successful(messageId: string): Result {
  return {
    DeliveryStatus: 'SUCCESSFUL',
    StatusCode: 200,
    StatusMessage: `MessageId: ${messageId}`,
    MessageId: messageId,
  };
}

/** The answer for a call that was just made; `ownId` where only a report told that it was accepted. */
export function resultOfDelivery({ outcome, recorded }: Delivered, ownId: string): Result {
  if (outcome.kind !== 'accepted' && recorded === 'sent') return successful(ownId);
  return resultOfOutcome[outcome.kind](outcome as never);
}

const resultOfOutcome: {
  readonly [K in SendOutcome['kind']]: (outcome: Extract<SendOutcome, { kind: K }>) => Result;
} = {
  accepted: ({ providerMessageId, updatedToken }) => ({
    ...successful(providerMessageId),
    ...present({ UpdatedToken: updatedToken }),
  }),
  throttled: ({ reason }) => throttled(reason),
  unreached: ({ reason }) => notNow(reason),
  unknown: ({ reason }) =>
    unclear(`${reason}; unless its provider reports otherwise, it is sent once more by itself`),
  refused: ({ code, statusCode, reason }) =>
    code === 'OPT_OUT' || code === 'DUPLICATE'
      ? { DeliveryStatus: code, StatusCode: statusCode, StatusMessage: reason }
      : failure(statusCode, reason),
};

/** The answer for a message that an earlier try of the same request settled. */
export function resultOfSettled(claim: SettledClaim, ownId: string): Result {
  return resultOfState[claim.state](claim, ownId);
}

const resultOfState: Record<SettledClaim['state'], (claim: SettledClaim, ownId: string) => Result> = {
  sent: (claim, ownId) => successful(claim.providerMessageId ?? ownId),
  delivered: (claim, ownId) => successful(claim.providerMessageId ?? ownId),
  failed: ({ reason }) => failure(400, reason ?? 'The message failed'),
  skipped: ({ reason }) =>
    reason === SUPPRESSED
      ? { DeliveryStatus: 'OPT_OUT', StatusCode: 400, StatusMessage: 'The address is suppressed' }
      : failure(400, reason ?? 'The message was not sent'),
  unknown: ({ reason }) => unclear(reason ?? 'Nothing is known of the message'),
};
