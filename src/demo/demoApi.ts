import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { type OwnApi, ownApi } from '../cli/ownApi.ts';

/** One request, as it is printed. */
export interface Played {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Repoint as its customers reach it. */
export interface DemoApi extends OwnApi {
  /** The AWS SDK's own client. */
  readonly client: PinpointClient;
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
    ...ownApi(client, url),
    close: () => client.destroy(),
  };
}
