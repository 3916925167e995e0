import type { MessageRequest, SendUsersMessageRequest } from '@aws-sdk/client-pinpoint';
import { type Problem, refuseAny } from '../domain/errors.ts';
import { headerProblems } from './emailHeaders.ts';

/** Recipients one request may have: Pinpoint's quota. */
const recipientsMax = 100;

/** @throws RepointError BadRequest with everything that is wrong with the request as a whole */
export function checkMessageRequest(request: MessageRequest): void {
  const addresses = Object.keys(request.Addresses ?? {}).length;
  const endpoints = Object.keys(request.Endpoints ?? {}).length;
  refuseAny([
    ...countProblems('Addresses and Endpoints', addresses + endpoints),
    ...messageProblems(request),
  ]);
}

/** @throws RepointError BadRequest with everything that is wrong with the request as a whole */
export function checkUsersMessageRequest(request: SendUsersMessageRequest): void {
  refuseAny([
    ...countProblems('Users', Object.keys(request.Users ?? {}).length),
    ...messageProblems(request),
  ]);
}

function countProblems(path: string, count: number): Problem[] {
  if (count >= 1 && count <= recipientsMax) return [];
  return [{ path, message: `1 to ${recipientsMax} recipients; given ${count}` }];
}

function messageProblems(request: MessageRequest | SendUsersMessageRequest): Problem[] {
  const path = 'MessageConfiguration.EmailMessage.SimpleEmail.Headers';
  const problems = headerProblems(request.MessageConfiguration?.EmailMessage?.SimpleEmail?.Headers, path);
  if (request.TemplateConfiguration?.InAppTemplate !== undefined) {
    problems.push({
      path: 'TemplateConfiguration.InAppTemplate',
      message: 'in-app messages are fetched by the app and cannot be sent',
    });
  }
  return problems;
}
