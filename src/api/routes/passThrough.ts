import { upstreamAppOf } from '../../sending/upstreamApp.ts';
import type { Handlers } from '../handler.ts';

/** Operations that live on at AWS: they are passed on to the upstream app, and its answer back. */
export const passThroughHandlers = {
  VerifyOTPMessage: async (input, { deps }) => {
    const ApplicationId = await upstreamAppOf(deps, input.ApplicationId ?? '');
    return await deps.upstream.verifyOtp({ ...input, ApplicationId });
  },

  PhoneNumberValidate: async (input, { deps }) => await deps.upstream.validatePhoneNumber(input),
} satisfies Handlers;
