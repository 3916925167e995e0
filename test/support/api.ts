import { CreateAppCommand, type PinpointClient } from '@aws-sdk/client-pinpoint';
import { startTestApi, type TestApi, type TestApiOptions } from '../../src/testing/testApi.ts';
import { useDatabase } from './database.ts';
import { useStarted } from './useStarted.ts';

export { startTestApi, type TestApi, testClient } from '../../src/testing/testApi.ts';

/**
 * Repoint's API for the tests of a file, in a database of their own.
 * @param options as a function where they need what stands only when the API is started
 */
export function useApi(
  database = useDatabase(),
  options: TestApiOptions | (() => TestApiOptions) = {},
): TestApi {
  return useStarted(
    () => startTestApi(database, typeof options === 'function' ? options() : options),
    (api) => api.close(),
  );
}

/** A new application's id. */
export async function createApp(client: PinpointClient, Name = 'App'): Promise<string> {
  const created = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name } }));
  return created.ApplicationResponse?.Id ?? '';
}
