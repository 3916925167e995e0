import path from 'node:path';
import type { Config } from '../../config.ts';
import { createAddressGuard } from '../http/addressGuard.ts';
import { createHttpRequest } from '../http/httpRequest.ts';
import { createAwsStreams } from './awsStreams.ts';
import { fileStream } from './fileStream.ts';
import { httpsStream } from './httpsStream.ts';
import type { OpenStream } from './streamDoor.ts';

/**
 * The ways to where events are streamed. Where delivery is the mailbox and no server is named, a file in the data
 * folder stands for a stream at AWS, and https endpoints are posted to at addresses of REPOINT_WEBHOOK_ALLOW only.
 * @throws RepointError BadRequest when REPOINT_UPSTREAM_STREAMS_URL is our own API, or AWS while delivery is mailbox
 */
export function createStreams(config: Config): OpenStream {
  const toMailbox = config.REPOINT_DELIVERY === 'mailbox';
  const guard = createAddressGuard(config.REPOINT_WEBHOOK_ALLOW, undefined, { alsoPublic: !toMailbox });
  const post = createHttpRequest({ guard });
  const isFile = toMailbox && config.REPOINT_UPSTREAM_STREAMS_URL === undefined;
  const folder = path.join(config.REPOINT_DATA_DIR, 'streams');
  const openAws = isFile
    ? ({ name }: { name: string }) => fileStream(path.join(folder, `${name}.ndjson`))
    : createAwsStreams(config);
  return (appId, destination) =>
    destination.kind === 'https' ? httpsStream(post, appId, destination) : openAws(destination);
}
