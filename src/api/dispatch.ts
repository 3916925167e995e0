import { decodeInput } from '../contract/model/decode.ts';
import { encodeOutput, type WireResponse } from '../contract/model/encode.ts';
import { type Operation, operations } from '../contract/model/operations.ts';
import { requireApp } from '../db/apps.ts';
import { badRequest, notFound, RepointError } from '../domain/errors.ts';
import type { RawRequest } from './canonicalRequest.ts';
import type { Call, Handlers } from './handler.ts';
import { answerOnce, type UnnamedCall } from './invocation.ts';
import { hasDotSegment, hasEmptySegment, parseQuery } from './requestTarget.ts';
import { createRouter } from './router.ts';

type AnyHandler = (input: object, call: Call) => Promise<object>;

const route = createRouter(operations);

/**
 * Answers one request of Pinpoint's API, its signature already checked.
 * @throws RepointError whatever the edge or the handler refuses
 */
export async function dispatch(
  request: RawRequest,
  handlers: Handlers,
  call: UnnamedCall,
): Promise<WireResponse> {
  const { operation, labels } = routeOf(request);
  const handler = handlerOf(operation, handlers);
  const query = parseQuery(request.target.rawQuery);
  const { input, warnings } = decodeInput(operation, { labels, query, body: request.body });
  for (const warning of warnings) call.hint(warning);
  const appId = labels.get('ApplicationId');
  if (appId !== undefined) await requireApp(call.deps.db, appId);
  const answer = await answerOnce(operation.name, { appId, input, call }, (named) => handler(input, named));
  return encodeOutput(operation, answer);
}

function routeOf(request: RawRequest): { operation: Operation; labels: ReadonlyMap<string, string> } {
  const { rawPath } = request.target;
  if (hasDotSegment(rawPath)) {
    throw new RepointError('Forbidden', 'The ids . and .. cannot be signed unambiguously: use another id');
  }
  const found = route(request.method, rawPath);
  switch (found.kind) {
    case 'operation':
      return found;
    case 'brokenEscape':
      throw badRequest([{ path: found.segment, message: 'not percent-encoded UTF-8' }]);
    case 'wrongMethod':
      throw new RepointError(
        'MethodNotAllowed',
        `${request.method} is not allowed here; allowed: ${found.allowed.join(', ')}`,
      );
    case 'unknown':
      throw notFound(
        `${request.method} ${rawPath}${hasEmptySegment(rawPath) ? ', where an id is empty' : ''}`,
      );
  }
}

function handlerOf(operation: Operation, handlers: Handlers): AnyHandler {
  const handler = handlers[operation.name];
  if (handler === undefined) {
    throw new RepointError('NotImplemented', `${operation.name} is not implemented by Repoint yet`);
  }
  // The decoder builds the input by the schema that the handler's type was generated from.
  return handler as unknown as AnyHandler;
}
