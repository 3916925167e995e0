import { upstreamAppOf } from '../../sending/upstreamApp.ts';
import type { Handlers } from '../handler.ts';

/** Operations that live on at AWS: they are passed on to the upstream app, and its answer back. */
export const passThroughHandlers = {
  SendOTPMessage: async (input, { deps }) => {
    const ApplicationId = await upstreamAppOf(deps, input.ApplicationId ?? '');
    const { MessageResponse } = await deps.upstream.sendOtp({ ...input, ApplicationId });
    return {
      MessageResponse: MessageResponse && { ...MessageResponse, ApplicationId: input.ApplicationId },
    };
  },

  VerifyOTPMessage: async (input, { deps }) => {
    const ApplicationId = await upstreamAppOf(deps, input.ApplicationId ?? '');
    return await deps.upstream.verifyOtp({ ...input, ApplicationId });
  },

  PhoneNumberValidate: async (input, { deps }) => await deps.upstream.validatePhoneNumber(input),
} satisfies Handlers;
