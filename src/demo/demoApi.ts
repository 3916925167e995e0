import { GetAppsCommand, PinpointClient } from '@aws-sdk/client-pinpoint';
import { RepointError } from '../domain/errors.ts';

/** One request, as it is printed. */
export interface Played {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Repoint as its customers reach it. */
export interface DemoApi {
  /** The AWS SDK's own client. */
  readonly client: PinpointClient;
  /** Repoint's own HTTP, signed like the rest: `own('GET', '/repoint/v1/…')`. */
  own<T>(method: 'GET' | 'PUT', target: string, body?: object): Promise<T>;
  close(): void;
}

export interface DemoApiOptions {
  readonly url: string;
  /** The keys that the API knows; with none, any key passes on this machine. */
  readonly keys: ReadonlyMap<string, string>;
  readonly heard: (request: Played) => void;
}

/** What the SDK hands on once it has signed. */
interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Opens the SDK's client; every request is told to `heard` once it is answered. */
export function createDemoApi({ url, keys, heard }: DemoApiOptions): DemoApi {
  const [[accessKeyId, secretAccessKey] = ['repoint-demo', 'any secret passes']] = keys;
  const client = new PinpointClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { method, path } = args.request as SignedRequest;
      heard({ method, path, status: (result.response as { statusCode: number }).statusCode });
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return {
    client,
    own: (method, target, body) =>
      callOwn(client, url, { method, target, body: body && JSON.stringify(body) }),
    close: () => client.destroy(),
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
      const { headers } = args.request as SignedRequest;
      answer = await send(url + target, { method, headers, ...(body === undefined ? {} : { body }) });
      return { response: answer, output: { $metadata: {}, ApplicationsResponse: undefined } };
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command);
  return answer as T;
}

async function send(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, request);
  const answer = (await response.json()) as { Message?: string };
  if (response.ok) return answer;
  throw new RepointError(
    'Conflict',
    `${request.method} ${url} answered ${response.status}: ${answer.Message}`,
  );
}
