import { LambdaClient } from '@aws-sdk/client-lambda';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Config } from '../config.ts';
import { connectionAgents } from './connection.ts';
import { upstreamAddress } from './upstreamAddress.ts';

/** What the mailbox is signed to with: nothing of the user's is read or sent. */
const mailboxCredentials = { accessKeyId: 'MAILBOX', secretAccessKey: 'mailbox' };

/**
 * Clients of the providers. One attempt a call: neither provider takes an idempotency token, so an SDK's own
 * retry after a lost answer would send twice.
 * @throws RepointError BadRequest when an upstream address is our own API, or AWS while delivery is mailbox
 */
export function createSesClient(config: Config): SESv2Client {
  return new SESv2Client(settingsFor(config, 'REPOINT_UPSTREAM_SES_URL'));
}

/** @see createSesClient */
export function createPinpointClient(config: Config): PinpointClient {
  return new PinpointClient(settingsFor(config, 'REPOINT_UPSTREAM_PINPOINT_URL'));
}

/** @see createSesClient */
export function createLambdaClient(config: Config, region: string): LambdaClient {
  return new LambdaClient({ ...settingsFor(config, 'REPOINT_UPSTREAM_LAMBDA_URL'), region });
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
