import { PinpointClient } from '@aws-sdk/client-pinpoint';
import type { ApiOptions } from '../api/createApi.ts';
import { serveApi } from '../api/serveApi.ts';
import type { Deps } from '../deps.ts';
import type { TestDatabase } from './testDatabase.ts';
import { testDeps, testKey } from './testDeps.ts';

export interface TestApi {
  readonly url: string;
  /** The SDK's own client with a key of ours. */
  readonly client: PinpointClient;
  readonly deps: Deps;
  close(): Promise<void>;
}

/** What a test's API is given in place of its own. */
export type TestApiOptions = ApiOptions & { readonly deps?: Partial<Deps> };

/** Repoint's API on a free port, in strict mode, as customers reach it. */
export async function startTestApi(database: TestDatabase, options: TestApiOptions = {}): Promise<TestApi> {
  const { deps: overrides, ...apiOptions } = options;
  const deps = testDeps(database.db, overrides);
  const api = await serveApi(deps, { host: '127.0.0.1', port: 0 }, apiOptions);
  const client = testClient(api.url);
  return {
    url: api.url,
    client,
    deps,
    close: async () => {
      client.destroy();
      await api.close();
    },
  };
}

/** The SDK's client against an address; it does not retry, so that a test sees the first answer. */
export function testClient(url: string, credentials: typeof testKey = testKey): PinpointClient {
  return new PinpointClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
}
