import type { SMSChannelRequest } from '@aws-sdk/client-pinpoint';
import type { Keep } from './upstreamChannel.ts';

interface CredentialRequest {
  readonly Enabled?: boolean | undefined;
  readonly DefaultAuthenticationMethod?: string | undefined;
  readonly TokenKey?: string | undefined;
  readonly ServiceJson?: string | undefined;
}

type Method = { DefaultAuthenticationMethod?: string };

/** An update without credentials leaves those that are there. */
export const keepApns: Keep<CredentialRequest, Method & { HasTokenKey: boolean }> = (request, earlier) => ({
  ...keepMethod(request, earlier),
  HasTokenKey: request.TokenKey !== undefined || earlier.HasTokenKey === true,
});

export const keepGcm: Keep<CredentialRequest, Method & { HasFcmServiceCredentials: boolean }> = (
  request,
  earlier,
) => ({
  ...keepMethod(request, earlier),
  HasFcmServiceCredentials: request.ServiceJson !== undefined || earlier.HasFcmServiceCredentials === true,
});

/** ADM and Baidu, whose requests are nothing but credentials, and VOICE, whose request says nothing else. */
export const keepNothing: Keep<CredentialRequest, Record<string, never>> = () => ({});

export const keepSms: Keep<SMSChannelRequest, Pick<SMSChannelRequest, 'SenderId' | 'ShortCode'>> = ({
  SenderId,
  ShortCode,
}) => ({ SenderId, ShortCode });

function keepMethod(request: CredentialRequest, earlier: Method): Method {
  const method = request.DefaultAuthenticationMethod ?? earlier.DefaultAuthenticationMethod;
  return method === undefined ? {} : { DefaultAuthenticationMethod: method };
}
