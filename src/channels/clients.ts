import { LambdaClient } from '@aws-sdk/client-lambda';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Config } from '../config.ts';
import { connectionAgents } from './connection.ts';
import { refuseAwsWithMailbox, upstreamAddress } from './upstreamAddress.ts';

/** What the mailbox is signed to with: nothing of the user's is read or sent. */
const mailboxCredentials = { accessKeyId: 'MAILBOX', secretAccessKey: 'mailbox' };

/**
 * Clients of the providers. One attempt a call: neither provider takes an idempotency token, so an SDK's own
 * retry after a lost answer would send twice.
 * @throws RepointError BadRequest when an upstream address is our own API, or AWS while delivery is mailbox
 */
export function createSesClient(config: Config, options: { maxAttempts?: number } = {}): SESv2Client {
  return new SESv2Client({ ...settingsFor(config, 'REPOINT_UPSTREAM_SES_URL'), ...options });
}

/** @see createSesClient */
export function createSmsVoiceClient(
  config: Config,
  options: { maxAttempts?: number } = {},
): PinpointSMSVoiceV2Client {
  return new PinpointSMSVoiceV2Client({
    ...settingsFor(config, 'REPOINT_UPSTREAM_SMS_VOICE_URL'),
    ...options,
  });
}

/** @see createSesClient */
export function createPinpointClient(config: Config): PinpointClient {
  return new PinpointClient(settingsFor(config, 'REPOINT_UPSTREAM_PINPOINT_URL'));
}

/** @see createSesClient */
export function createLambdaClient(config: Config, region: string): LambdaClient {
  return new LambdaClient({ ...settingsFor(config, 'REPOINT_UPSTREAM_LAMBDA_URL'), region });
}

/** `sqs.eu-west-1.amazonaws.com`, `sqs.cn-north-1.amazonaws.com.cn`, `sqs.eusc-de-east-1.amazonaws.eu`, `eu-west-1.queue.amazonaws.com` */
const queueHost = /^(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.(?:com|com\.cn|eu)$/;

/**
 * A client for one queue, at the queue's own address and signed for its region. The SDK tries a call again, which does
 * no harm here.
 * @throws RepointError BadRequest when the queue is at AWS while delivery is mailbox
 */
export function createSqsClient(config: Config, queueUrl: string): SQSClient {
  refuseAwsWithMailbox(config, 'REPOINT_FEEDBACK_QUEUES', queueUrl);
  const [, region, older] = queueHost.exec(new URL(queueUrl).hostname) ?? [];
  return new SQSClient({
    region: region ?? older ?? config.region,
    endpoint: new URL(queueUrl).origin,
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  });
}

function settingsFor(config: Config, setting: Parameters<typeof upstreamAddress>[1]) {
  const endpoint = upstreamAddress(config, setting);
  return {
    region: config.region,
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler: connectionAgents(),
    ignoreConfiguredEndpointUrls: true,
    // An explicit address with a FIPS or dual-stack variant asked for elsewhere is an error in the SDK.
    ...(endpoint === undefined ? {} : { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false }),
    ...(config.REPOINT_DELIVERY === 'mailbox'
      ? { credentials: mailboxCredentials, defaultsMode: 'standard' as const }
      : {}),
  };
}
