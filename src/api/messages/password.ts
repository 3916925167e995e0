import type { MessageResult, SendOTPMessageRequestParameters } from '@aws-sdk/client-pinpoint';
import { upstreamError } from '../../channels/upstream/upstreamPinpoint.ts';
import { newTimeId } from '../../db/ids.ts';
import { RepointError } from '../../domain/errors.ts';
import type { Delivered } from '../../sending/deliver.ts';
import { PASSWORD_STEP } from '../../sending/ledger.ts';
import { upstreamAppOf } from '../../sending/upstreamApp.ts';
import type { Call } from '../handler.ts';
import type { Prepared } from './prepare.ts';
import { type Result, resultOfDelivery, unclear } from './results.ts';
import { sendGroup } from './sendGroup.ts';
import type { Target } from './targets.ts';

/**
 * Has the upstream app send a one-time password, as one more SMS: in its turn, through the ledger, and to nobody who is
 * suppressed. Whatever came to nothing for now is an error, as Pinpoint's; a client that tries again gets no second code.
 * @throws RepointError upstream's refusal as BadRequest, Forbidden or NotFound; TooManyRequests; Unavailable
 */
export async function sendPassword(
  { deps, invocationId }: Call,
  appId: string,
  password: SendOTPMessageRequestParameters,
): Promise<Record<string, MessageResult>> {
  const { DestinationIdentity: to = '' } = password;
  const upstreamAppId = await upstreamAppOf(deps, appId);
  const target = targetAt(to);
  const prepared: Prepared = {
    target,
    channel: 'SMS',
    outgoing: ({ messageId }) => ({
      channel: 'SMS',
      messageId,
      appId,
      upstreamAppId,
      to,
      origin: {},
      password,
    }),
    answer,
  };
  const results = new Map<Target, Result>();
  const owner = invocationId ?? newTimeId(await deps.clock.now());
  await sendGroup(deps, { appId, owner }, [prepared], results);
  return { [to]: insisted(results.get(target) ?? unclear('No answer')) };
}

function targetAt(address: string): Target {
  return {
    place: ['Addresses', address],
    step: PASSWORD_STEP,
    recipient: { recipient: address, endpointId: null, participant: null, channelType: 'SMS', address },
    own: {},
    source: { address, channel_type: 'SMS' },
    userAttributes: null,
  };
}

/** Pinpoint's words about one number, which come with HTTP 200; any other refusal is about the request. */
const aboutTheNumber = new Set(['PERMANENT_FAILURE', 'OPT_OUT', 'DUPLICATE']);

function answer(delivered: Delivered, ownId: string): Result {
  const { outcome, recorded } = delivered;
  const isAnswer =
    outcome.kind === 'accepted' ||
    recorded === 'sent' ||
    (outcome.kind === 'refused' && aboutTheNumber.has(outcome.code));
  if (isAnswer) return resultOfDelivery(delivered, ownId);
  throw upstreamError('SendOTPMessage', outcome);
}

function insisted(result: Result): Result {
  const text = `SendOTPMessage: ${result.StatusMessage}`;
  if (result.DeliveryStatus === 'THROTTLED') throw new RepointError('TooManyRequests', text);
  if (result.DeliveryStatus === 'UNKNOWN_FAILURE') throw new RepointError('Unavailable', text);
  return result;
}
