import type {
  PhoneNumberValidateCommandInput,
  PhoneNumberValidateCommandOutput,
  VerifyOTPMessageCommandInput,
  VerifyOTPMessageCommandOutput,
} from '@aws-sdk/client-pinpoint';
import type { PushChannelType } from '../../domain/channel.ts';

/** Channels that send through the upstream app, which holds their settings and push's credentials. */
export type UpstreamChannel = PushChannelType | 'SMS' | 'VOICE';

/**
 * The Pinpoint app at AWS (or in the mailbox) behind one of ours: what survives there is sending, and the
 * credentials of push channels, which are passed on to it and kept nowhere else.
 * @throws RepointError the provider's refusal as BadRequest/Forbidden, its failure as Unavailable
 */
export interface Upstream {
  /** Creates an upstream app and answers its id. */
  createApp(name: string): Promise<string>;
  /** Passes a channel's request on, as it came; answers what is safe to keep of the upstream answer. */
  updateChannel(
    upstreamAppId: string,
    channel: UpstreamChannel,
    request: object,
  ): Promise<{ hasCredential: boolean }>;
  deleteChannel(upstreamAppId: string, channel: UpstreamChannel): Promise<void>;
  verifyOtp(input: VerifyOTPMessageCommandInput): Promise<Omit<VerifyOTPMessageCommandOutput, '$metadata'>>;
  validatePhoneNumber(
    input: PhoneNumberValidateCommandInput,
  ): Promise<Omit<PhoneNumberValidateCommandOutput, '$metadata'>>;
}
