import type { EmailChannelRequest } from '@aws-sdk/client-pinpoint';
import { badRequest, refuseAny } from '../domain/errors.ts';
import { lineProblems } from './oneLine.ts';
import { shown } from './text.ts';

/** `a@example.com` or `Name <a@example.com>`; whether it may send is SES's to say. */
const sender = /^(?:[^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** Checks what the model calls a string. @throws RepointError BadRequest where the sender is no e-mail address */
export function checkEmailChannel(request: EmailChannelRequest | undefined): EmailChannelRequest | undefined {
  const from = request?.FromAddress ?? '';
  refuseAny(lineProblems({ FromAddress: from }));
  if (sender.test(from)) return request;
  const form = 'must be an e-mail address, a@example.com or Name <a@example.com>';
  throw badRequest([{ path: 'FromAddress', message: `${form}; given ${shown(from)}` }]);
}
