import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Config } from '../../config.ts';
import { parseDeliveryUri } from '../../domain/journey/deliveryUri.ts';
import type { Log } from '../../log.ts';
import type { SendOutcome } from '../channel.ts';
import { createLambdaClient } from '../clients.ts';
import { createAddressGuard, type Resolve } from '../http/addressGuard.ts';
import { createHttpRequest } from '../http/httpRequest.ts';
import { callTimeoutMs } from '../providerCall.ts';
import { storableOutcome } from '../storableOutcome.ts';
import { mailboxUrl } from '../upstreamAddress.ts';
import type { CustomChannel, CustomResult, OutgoingCustom } from './customChannel.ts';
import { customPayload, readAnswer } from './customPayload.ts';
import { invokeLambda } from './lambda.ts';
import { confirmWebhook, DELIVERY_FAILURE, type Posted, postPayload } from './webhook.ts';

export interface CustomChannelOptions {
  /** How long a call may take in all; 10 s. */
  readonly timeoutMs?: number;
  /** Certificates (PEM) to trust in place of the usual ones. */
  readonly ca?: string;
  /** How names are resolved; the system's way. */
  readonly resolve?: Resolve;
}

type Messages = Parameters<CustomChannel['call']>[0];
type Call = (messages: Messages) => Promise<Posted & { readonly confirmed?: boolean }>;

/**
 * The door to webhooks and Lambda functions; where delivery is the mailbox, to the mailbox alone.
 * @throws RepointError BadRequest when the address of Lambda is our own API
 */
export function createCustomChannel(
  config: Config,
  log: Log,
  { timeoutMs = callTimeoutMs, ...options }: CustomChannelOptions = {},
): CustomChannel {
  const toMailbox = config.REPOINT_DELIVERY === 'mailbox';
  const call = toMailbox ? mailboxCall(config, timeoutMs) : liveCall(config, timeoutMs, options);
  return {
    async call(messages) {
      const { outcome, body, confirmed = false } = await call(messages);
      const { answers, dropped } = readAnswer(body, messages);
      logCall(log, messages[0], { outcome, answers, confirmed }, dropped);
      return { outcome: storableOutcome(outcome), answers, confirmed };
    },
  };
}

/** A reason may quote what a stranger answered: only its kind is logged. */
function logCall(log: Log, { appId, origin }: OutgoingCustom, result: CustomResult, dropped: number): void {
  const { journeyId, campaignId, activityId } = origin;
  const of = { appId, journeyId, campaignId, activityId };
  log.debug({ ...of, outcome: result.outcome.kind }, 'a custom channel was called');
  if (dropped > 0) log.warn({ ...of, dropped }, "attributes of a custom channel's answer do not count");
}

function mailboxCall(config: Config, timeoutMs: number): Call {
  const send = createHttpRequest();
  const url = new URL('/custom', mailboxUrl(config));
  return async (messages) => {
    const [{ deliveryUri, messageId }] = messages;
    const ids = messages.map((message) => [message.origin.endpointId, message.messageId]);
    const body = {
      DeliveryUri: deliveryUri,
      MessageIds: Object.fromEntries(ids),
      Payload: customPayload(messages),
    };
    return await postPayload(send, url, body, {
      messageId,
      signal: AbortSignal.timeout(timeoutMs),
      secrets: [],
    });
  };
}

function liveCall(config: Config, timeoutMs: number, { ca, resolve }: CustomChannelOptions): Call {
  const guard = createAddressGuard(config.REPOINT_WEBHOOK_ALLOW, resolve);
  const send = createHttpRequest({ guard, ...(ca !== undefined && { ca }) });
  const lambdaOf = lambdaClients(config);
  return async (messages) => {
    const [{ deliveryUri, messageId, isConfirmed }] = messages;
    const uri = parseDeliveryUri(deliveryUri);
    if ('problem' in uri) return { outcome: unusable(uri.problem), body: null };
    const payload = customPayload(messages);
    if (uri.kind === 'lambda')
      return await invokeLambda(lambdaOf(uri.region), uri.functionName, payload, { messageId, timeoutMs });
    const url = new URL(uri.url);
    const signal = AbortSignal.timeout(timeoutMs);
    const posting = { messageId, signal, secrets: config.REPOINT_WEBHOOK_SECRETS };
    if (isConfirmed) return await postPayload(send, url, payload, posting);
    const refusal = await confirmWebhook(send, url, config.REPOINT_ACCOUNT_ID, signal);
    if (refusal !== null) return { outcome: refusal, body: null };
    return { ...(await postPayload(send, url, payload, posting)), confirmed: true };
  };
}

function unusable(problem: string): SendOutcome {
  return { kind: 'refused', statusCode: 400, code: DELIVERY_FAILURE, reason: problem };
}

/** A client for each region; made now for our own, so that a wrong setting is told at the start. */
function lambdaClients(config: Config): (region?: string) => LambdaClient {
  const clients = new Map([[config.region, createLambdaClient(config, config.region)]]);
  return (region = config.region) => {
    const client = clients.get(region) ?? createLambdaClient(config, region);
    clients.set(region, client);
    return client;
  };
}
