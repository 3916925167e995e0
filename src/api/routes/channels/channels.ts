import type { EmailChannelRequest } from '@aws-sdk/client-pinpoint';
import { checkEmailChannel } from '../../../contract/emailChannel.ts';
import { listChannels } from '../../../db/channels.ts';
import type { Handlers } from '../../handler.ts';
import { channelObject } from './channelObject.ts';
import { type EmailRate, emailRate, smsRates } from './channelRates.ts';
import { keepApns, keepGcm, keepNothing, keepSms } from './keptSettings.ts';
import { ownChannel } from './ownChannels.ts';
import { upstreamChannel } from './upstreamChannel.ts';

const unheardWarning =
  'EmailChannelRequest.ConfigurationSet: without one SES reports nothing of what is sent here, unless the identity has a default one';
const email = ownChannel<EmailChannelRequest, EmailRate>('EMAIL', emailRate);
const voice = upstreamChannel('VOICE', keepNothing);
const sms = upstreamChannel('SMS', keepSms, smsRates);
const apns = upstreamChannel('APNS', keepApns);
const apnsSandbox = upstreamChannel('APNS_SANDBOX', keepApns);
const apnsVoip = upstreamChannel('APNS_VOIP', keepApns);
const apnsVoipSandbox = upstreamChannel('APNS_VOIP_SANDBOX', keepApns);
const gcm = upstreamChannel('GCM', keepGcm);
const adm = upstreamChannel('ADM', keepNothing);
const baidu = upstreamChannel('BAIDU', keepNothing);

export const channelHandlers = {
  GetChannels: async (input, { deps }) => {
    const rows = await listChannels(deps.db, input.ApplicationId ?? '');
    const channels = rows.map((row) => [row.kind, channelObject(row)] as const);
    return { ChannelsResponse: { Channels: Object.fromEntries(channels) } };
  },

  UpdateEmailChannel: async (input, call) => {
    const request = checkEmailChannel(input.EmailChannelRequest);
    const isLive = call.deps.config.REPOINT_DELIVERY === 'live';
    if (isLive && !request?.ConfigurationSet) call.warn(unheardWarning);
    return { EmailChannelResponse: await email.update(input.ApplicationId, request, call) };
  },
  GetEmailChannel: async (input, call) => ({
    EmailChannelResponse: await email.get(input.ApplicationId, call),
  }),
  DeleteEmailChannel: async (input, call) => ({
    EmailChannelResponse: await email.delete(input.ApplicationId, call),
  }),

  UpdateSmsChannel: async (input, call) => ({
    SMSChannelResponse: await sms.update(input.ApplicationId, input.SMSChannelRequest, call),
  }),
  GetSmsChannel: async (input, call) => ({ SMSChannelResponse: await sms.get(input.ApplicationId, call) }),
  DeleteSmsChannel: async (input, call) => ({
    SMSChannelResponse: await sms.delete(input.ApplicationId, call),
  }),

  UpdateVoiceChannel: async (input, call) => ({
    VoiceChannelResponse: await voice.update(input.ApplicationId, input.VoiceChannelRequest, call),
  }),
  GetVoiceChannel: async (input, call) => ({
    VoiceChannelResponse: await voice.get(input.ApplicationId, call),
  }),
  DeleteVoiceChannel: async (input, call) => ({
    VoiceChannelResponse: await voice.delete(input.ApplicationId, call),
  }),

  UpdateApnsChannel: async (input, call) => ({
    APNSChannelResponse: await apns.update(input.ApplicationId, input.APNSChannelRequest, call),
  }),
  GetApnsChannel: async (input, call) => ({ APNSChannelResponse: await apns.get(input.ApplicationId, call) }),
  DeleteApnsChannel: async (input, call) => ({
    APNSChannelResponse: await apns.delete(input.ApplicationId, call),
  }),

  UpdateApnsSandboxChannel: async (input, call) => ({
    APNSSandboxChannelResponse: await apnsSandbox.update(
      input.ApplicationId,
      input.APNSSandboxChannelRequest,
      call,
    ),
  }),
  GetApnsSandboxChannel: async (input, call) => ({
    APNSSandboxChannelResponse: await apnsSandbox.get(input.ApplicationId, call),
  }),
  DeleteApnsSandboxChannel: async (input, call) => ({
    APNSSandboxChannelResponse: await apnsSandbox.delete(input.ApplicationId, call),
  }),

  UpdateApnsVoipChannel: async (input, call) => ({
    APNSVoipChannelResponse: await apnsVoip.update(input.ApplicationId, input.APNSVoipChannelRequest, call),
  }),
  GetApnsVoipChannel: async (input, call) => ({
    APNSVoipChannelResponse: await apnsVoip.get(input.ApplicationId, call),
  }),
  DeleteApnsVoipChannel: async (input, call) => ({
    APNSVoipChannelResponse: await apnsVoip.delete(input.ApplicationId, call),
  }),

  UpdateApnsVoipSandboxChannel: async (input, call) => ({
    APNSVoipSandboxChannelResponse: await apnsVoipSandbox.update(
      input.ApplicationId,
      input.APNSVoipSandboxChannelRequest,
      call,
    ),
  }),
  GetApnsVoipSandboxChannel: async (input, call) => ({
    APNSVoipSandboxChannelResponse: await apnsVoipSandbox.get(input.ApplicationId, call),
  }),
  DeleteApnsVoipSandboxChannel: async (input, call) => ({
    APNSVoipSandboxChannelResponse: await apnsVoipSandbox.delete(input.ApplicationId, call),
  }),

  UpdateGcmChannel: async (input, call) => ({
    GCMChannelResponse: await gcm.update(input.ApplicationId, input.GCMChannelRequest, call),
  }),
  GetGcmChannel: async (input, call) => ({ GCMChannelResponse: await gcm.get(input.ApplicationId, call) }),
  DeleteGcmChannel: async (input, call) => ({
    GCMChannelResponse: await gcm.delete(input.ApplicationId, call),
  }),

  UpdateAdmChannel: async (input, call) => ({
    ADMChannelResponse: await adm.update(input.ApplicationId, input.ADMChannelRequest, call),
  }),
  GetAdmChannel: async (input, call) => ({ ADMChannelResponse: await adm.get(input.ApplicationId, call) }),
  DeleteAdmChannel: async (input, call) => ({
    ADMChannelResponse: await adm.delete(input.ApplicationId, call),
  }),

  UpdateBaiduChannel: async (input, call) => ({
    BaiduChannelResponse: {
      ...(await baidu.update(input.ApplicationId, input.BaiduChannelRequest, call)),
      Credential: '',
    },
  }),
  GetBaiduChannel: async (input, call) => ({
    BaiduChannelResponse: { ...(await baidu.get(input.ApplicationId, call)), Credential: '' },
  }),
  DeleteBaiduChannel: async (input, call) => ({
    BaiduChannelResponse: { ...(await baidu.delete(input.ApplicationId, call)), Credential: '' },
  }),
} satisfies Handlers;
