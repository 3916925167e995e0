import * as sdk from '@aws-sdk/client-pinpoint';
import type { UpstreamChannel } from './upstream.ts';

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

interface ChannelCalls {
  update(
    client: sdk.PinpointClient,
    upstreamAppId: string,
    request: object,
    options: CallOptions,
  ): Promise<{ hasCredential: boolean }>;
  delete(client: sdk.PinpointClient, upstreamAppId: string, options: CallOptions): Promise<void>;
}

type Answer = { HasCredential?: boolean | undefined } | undefined;
const kept = (answer: Answer) => ({ hasCredential: answer?.HasCredential ?? false });

/** Pinpoint's calls for each channel. The requests were decoded by the same SDK's schemas on their way in. */
export const upstreamChannels: Record<UpstreamChannel, ChannelCalls> = {
  ADM: {
    update: async (client, ApplicationId, request, options) => {
      const ADMChannelRequest = request as sdk.ADMChannelRequest;
      const command = new sdk.UpdateAdmChannelCommand({ ApplicationId, ADMChannelRequest });
      return kept((await client.send(command, options)).ADMChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteAdmChannelCommand({ ApplicationId }), options);
    },
  },
  APNS: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateApnsChannelCommand({ ApplicationId, APNSChannelRequest: request });
      return kept((await client.send(command, options)).APNSChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteApnsChannelCommand({ ApplicationId }), options);
    },
  },
  APNS_SANDBOX: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateApnsSandboxChannelCommand({
        ApplicationId,
        APNSSandboxChannelRequest: request,
      });
      return kept((await client.send(command, options)).APNSSandboxChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteApnsSandboxChannelCommand({ ApplicationId }), options);
    },
  },
  APNS_VOIP: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateApnsVoipChannelCommand({
        ApplicationId,
        APNSVoipChannelRequest: request,
      });
      return kept((await client.send(command, options)).APNSVoipChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteApnsVoipChannelCommand({ ApplicationId }), options);
    },
  },
  APNS_VOIP_SANDBOX: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateApnsVoipSandboxChannelCommand({
        ApplicationId,
        APNSVoipSandboxChannelRequest: request,
      });
      return kept((await client.send(command, options)).APNSVoipSandboxChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteApnsVoipSandboxChannelCommand({ ApplicationId }), options);
    },
  },
  BAIDU: {
    update: async (client, ApplicationId, request, options) => {
      const BaiduChannelRequest = request as sdk.BaiduChannelRequest;
      const command = new sdk.UpdateBaiduChannelCommand({ ApplicationId, BaiduChannelRequest });
      return kept((await client.send(command, options)).BaiduChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteBaiduChannelCommand({ ApplicationId }), options);
    },
  },
  GCM: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: request });
      return kept((await client.send(command, options)).GCMChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteGcmChannelCommand({ ApplicationId }), options);
    },
  },
  SMS: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: request });
      return kept((await client.send(command, options)).SMSChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteSmsChannelCommand({ ApplicationId }), options);
    },
  },
  VOICE: {
    update: async (client, ApplicationId, request, options) => {
      const command = new sdk.UpdateVoiceChannelCommand({ ApplicationId, VoiceChannelRequest: request });
      return kept((await client.send(command, options)).VoiceChannelResponse);
    },
    delete: async (client, ApplicationId, options) => {
      await client.send(new sdk.DeleteVoiceChannelCommand({ ApplicationId }), options);
    },
  },
};
