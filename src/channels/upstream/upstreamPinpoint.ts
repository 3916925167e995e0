import {
  CreateAppCommand,
  PhoneNumberValidateCommand,
  VerifyOTPMessageCommand,
} from '@aws-sdk/client-pinpoint';
import type { Config } from '../../config.ts';
import { RepointError } from '../../domain/errors.ts';
import type { SendOutcome } from '../channel.ts';
import { createPinpointClient } from '../clients.ts';
import { outcomeOf } from '../outcome.ts';
import { callTimeoutMs } from '../providerCall.ts';
import type { Upstream } from './upstream.ts';
import { upstreamChannels } from './upstreamChannels.ts';

/**
 * Pinpoint's surviving side at AWS, or the mailbox's.
 * @throws RepointError BadRequest when the upstream address is our own API, or AWS while delivery is mailbox
 */
export function createUpstream(config: Config): Upstream {
  const client = createPinpointClient(config);
  const options = () => ({ abortSignal: AbortSignal.timeout(callTimeoutMs) });
  return {
    createApp: (name) =>
      translated('CreateApp', async () => {
        const command = new CreateAppCommand({ CreateApplicationRequest: { Name: name } });
        const { ApplicationResponse } = await client.send(command, options());
        if (!ApplicationResponse?.Id)
          throw new RepointError('Unavailable', 'Upstream made an app without an id');
        return ApplicationResponse.Id;
      }),
    updateChannel: (upstreamAppId, channel, request) =>
      translated(`Update ${channel}`, () =>
        upstreamChannels[channel].update(client, upstreamAppId, request, options()),
      ),
    deleteChannel: (upstreamAppId, channel) =>
      translated(`Delete ${channel}`, () =>
        upstreamChannels[channel].delete(client, upstreamAppId, options()),
      ),
    verifyOtp: (input) =>
      translated('VerifyOTPMessage', async () =>
        withoutMetadata(await client.send(new VerifyOTPMessageCommand(input), options())),
      ),
    validatePhoneNumber: (input) =>
      translated('PhoneNumberValidate', async () =>
        withoutMetadata(await client.send(new PhoneNumberValidateCommand(input), options())),
      ),
  };
}

function withoutMetadata<T extends { $metadata: unknown }>(output: T): Omit<T, '$metadata'> {
  const { $metadata: _, ...rest } = output;
  return rest;
}

/** A provider's refusal as the caller's error, in its words; its failure as ours. */
async function translated<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RepointError) throw error;
    throw translate(what, error);
  }
}

function translate(what: string, error: unknown): RepointError {
  const outcome = outcomeOf(error, true);
  if (outcome.kind === 'accepted') return new RepointError('Internal', `${what}: an error that is none`);
  return upstreamError(what, outcome, error);
}

/** What a provider's refusal or failure is to the caller whose request was passed on. */
export function upstreamError(
  what: string,
  outcome: Exclude<SendOutcome, { kind: 'accepted' }>,
  cause?: unknown,
): RepointError {
  if (outcome.kind === 'throttled') {
    return new RepointError('TooManyRequests', `${what}: the upstream app is throttled`, { cause });
  }
  if (outcome.kind !== 'refused') {
    return new RepointError('Unavailable', `${what}: upstream did not answer (${outcome.reason})`, { cause });
  }
  const codes = { 403: 'Forbidden', 404: 'NotFound' } as const;
  const code = codes[outcome.statusCode as keyof typeof codes] ?? 'BadRequest';
  return new RepointError(code, `${what}: upstream refused: ${outcome.reason}`, { cause });
}
