import { GetAppsCommand, type PinpointClient } from '@aws-sdk/client-pinpoint';
import { readJson } from '../contract/json.ts';
import { RepointError } from '../domain/errors.ts';

/** Repoint's own HTTP, signed as the SDK signs. */
export interface OwnApi {
  /**
   * `own('GET', '/repoint/v1/…')`.
   * @throws RepointError Conflict with what the API answered; Unavailable where there is none
   */
  own<T>(method: 'GET' | 'PUT', target: string, body?: object): Promise<T>;
}

/** Repoint's own HTTP behind a client of the SDK. */
export function ownApi(client: PinpointClient, url: string): OwnApi {
  return {
    own: (method, target, body) =>
      callOwn(client, url, { method, target, body: body && JSON.stringify(body) }),
  };
}

interface OwnRequest {
  readonly method: string;
  readonly target: string;
  readonly body: string | undefined;
}

/** Lets the SDK sign a request that it does not know, and sends it: the client's signature is all that is needed. */
async function callOwn<T>(
  client: PinpointClient,
  url: string,
  { method, target, body }: OwnRequest,
): Promise<T> {
  const command = new GetAppsCommand({});
  const [path = '', search = ''] = target.split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  command.middlewareStack.add(
    (next) => (args) =>
      next({ ...args, request: Object.assign(args.request as object, { method, path, query, body }) }),
    { step: 'build', priority: 'high' },
  );
  let answer: unknown;
  command.middlewareStack.add(
    () => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      answer = await send(url + target, { method, headers, ...(body === undefined ? {} : { body }) });
      return { response: answer, output: { $metadata: {}, ApplicationsResponse: undefined } };
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command);
  return answer as T;
}

async function send(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, request).catch((error: unknown) => {
    const cause = error instanceof Error ? error.cause : undefined;
    const { origin } = new URL(url);
    throw new RepointError('Unavailable', `Repoint cannot be reached at ${origin} (--endpoint-url)`, {
      cause,
    });
  });
  const text = await response.text();
  const answer = readJson(text) as { Message?: string } | undefined;
  if (response.ok && answer !== undefined) return answer;
  throw new RepointError(
    'Conflict',
    `${request.method} ${url} answered ${response.status}: ${answer?.Message ?? 'no JSON, so it is not Repoint'}`,
  );
}
