import type {
  EndpointMessageResult,
  MessageRequest,
  SendOTPMessageRequestParameters,
  SendUsersMessageRequest,
} from '@aws-sdk/client-pinpoint';
import { checkMessageRequest, checkUsersMessageRequest } from '../../contract/message.ts';
import type { Handlers } from '../handler.ts';
import { checkInline } from '../messages/content.ts';
import { sendPassword } from '../messages/password.ts';
import { type Answered, sendToAll } from '../messages/send.ts';
import { findTargets, findUserTargets } from '../messages/targets.ts';

const noMessage: MessageRequest & SendUsersMessageRequest = { MessageConfiguration: {}, Users: {} };
const noPassword: SendOTPMessageRequestParameters = {
  BrandName: '',
  Channel: '',
  DestinationIdentity: '',
  OriginationIdentity: '',
  ReferenceId: '',
};

export const messageHandlers = {
  SendMessages: async (input, call) => {
    const { ApplicationId = '', MessageRequest: request = noMessage } = input;
    checkMessageRequest(request);
    checkInline(request);
    const found = await findTargets(call.deps.db, ApplicationId, request);
    const answered = await sendToAll(call, ApplicationId, request, found);
    const of = (kind: string) => answered.filter(({ place }) => place[0] === kind);
    return {
      MessageResponse: {
        ApplicationId,
        RequestId: call.requestId,
        Result: Object.fromEntries(of('Addresses').map(({ place, result }) => [place[1], result])),
        EndpointResult: Object.fromEntries(of('Endpoints').map((one) => [one.place[1], withAddress(one)])),
      },
    };
  },

  SendOTPMessage: async (input, call) => {
    const { ApplicationId = '', SendOTPMessageRequestParameters: password = noPassword } = input;
    const Result = await sendPassword(call, ApplicationId, password);
    return { MessageResponse: { ApplicationId, RequestId: call.requestId, Result } };
  },

  SendUsersMessages: async (input, call) => {
    const { ApplicationId = '', SendUsersMessageRequest: request = noMessage } = input;
    checkUsersMessageRequest(request);
    checkInline(request);
    const found = await findUserTargets(call.deps.db, ApplicationId, request);
    const answered = await sendToAll(call, ApplicationId, request, found);
    const byUser = Map.groupBy(answered, ({ place }) => place[1]);
    const results = Object.keys(request.Users ?? {}).map((userId) => {
      const endpoints = byUser.get(userId) ?? [];
      return [userId, Object.fromEntries(endpoints.map((one) => [one.place[2], withAddress(one)]))];
    });
    return {
      SendUsersMessageResponse: {
        ApplicationId,
        RequestId: call.requestId,
        Result: Object.fromEntries(results),
      },
    };
  },
} satisfies Handlers;

function withAddress({ address, result }: Answered): EndpointMessageResult {
  return { Address: address, ...result };
}
