import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { type OwnApi, ownApi } from './ownApi.ts';

/** Asks Repoint's own HTTP and prints what it comes to, a line each. */
export async function withApi(
  { endpointUrl }: { readonly endpointUrl: string },
  ask: (api: OwnApi) => Promise<readonly string[]>,
): Promise<void> {
  // Any region is taken in a signature, so none has to be configured
  const client = new PinpointClient({ endpoint: endpointUrl, region: 'us-east-1' });
  try {
    for (const line of await ask(ownApi(client, endpointUrl))) console.log(line);
  } finally {
    client.destroy();
  }
}
