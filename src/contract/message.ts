import type {
  EndpointSendConfiguration,
  MessageRequest,
  SendUsersMessageRequest,
} from '@aws-sdk/client-pinpoint';
import { type Problem, refuseAny } from '../domain/errors.ts';
import { headerProblems } from './emailHeaders.ts';
import { lineProblems } from './oneLine.ts';

/** Recipients one request may have: Pinpoint's quota. */
const recipientsMax = 100;

/** @throws RepointError BadRequest with everything that is wrong with the request as a whole */
export function checkMessageRequest(request: MessageRequest): void {
  const addresses = Object.keys(request.Addresses ?? {}).length;
  const endpoints = Object.keys(request.Endpoints ?? {}).length;
  refuseAny([
    ...countProblems('Addresses and Endpoints', addresses + endpoints),
    ...messageProblems(request),
    ...allContextProblems(request, { Addresses: request.Addresses, Endpoints: request.Endpoints }),
  ]);
}

/** @throws RepointError BadRequest with everything that is wrong with the request as a whole */
export function checkUsersMessageRequest(request: SendUsersMessageRequest): void {
  refuseAny([
    ...countProblems('Users', Object.keys(request.Users ?? {}).length),
    ...messageProblems(request),
    ...allContextProblems(request, { Users: request.Users }),
  ]);
}

function countProblems(path: string, count: number): Problem[] {
  if (count >= 1 && count <= recipientsMax) return [];
  return [{ path, message: `1 to ${recipientsMax} recipients; given ${count}` }];
}

/** Characters of a Context: it is kept with each message and comes back with each of its events. */
const contextLengthMax = 4000;

function contextProblems(context: Readonly<Record<string, string>> | undefined, path: string): Problem[] {
  const length = JSON.stringify(context ?? {}).length;
  if (length <= contextLengthMax) return [];
  return [{ path, message: `must have at most ${contextLengthMax} characters as JSON; given ${length}` }];
}

/** The Context of the request and of each recipient. */
function allContextProblems(
  request: MessageRequest | SendUsersMessageRequest,
  recipients: Readonly<Record<string, Readonly<Record<string, EndpointSendConfiguration>> | undefined>>,
): Problem[] {
  const own = Object.entries(recipients).flatMap(([kind, configurations]) =>
    Object.entries(configurations ?? {}).flatMap(([key, { Context }]) =>
      contextProblems(Context, `${kind}.${key}.Context`),
    ),
  );
  return [...contextProblems(request.Context, 'Context'), ...own];
}

function messageProblems(request: MessageRequest | SendUsersMessageRequest): Problem[] {
  const email = request.MessageConfiguration?.EmailMessage;
  const path = 'MessageConfiguration.EmailMessage';
  const problems = [
    ...headerProblems(email?.SimpleEmail?.Headers, `${path}.SimpleEmail.Headers`),
    ...lineProblems({
      [`${path}.FromAddress`]: email?.FromAddress,
      [`${path}.FeedbackForwardingAddress`]: email?.FeedbackForwardingAddress,
      ...Object.fromEntries(
        (email?.ReplyToAddresses ?? []).map((to, index) => [`${path}.ReplyToAddresses[${index}]`, to]),
      ),
    }),
  ];
  if (request.TemplateConfiguration?.InAppTemplate !== undefined) {
    problems.push({
      path: 'TemplateConfiguration.InAppTemplate',
      message: 'in-app messages are fetched by the app and cannot be sent',
    });
  }
  return problems;
}
