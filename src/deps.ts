import type { Sender } from './channels/channel.ts';
import type { CustomChannel } from './channels/custom/customChannel.ts';
import type { Rates } from './channels/rates.ts';
import type { OpenStream } from './channels/streams/streamDoor.ts';
import type { Upstream } from './channels/upstream/upstream.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { FileStore } from './files/fileStore.ts';
import type { Log } from './log.ts';

/** What the code that does I/O is given. Implementations are chosen in one place, `createDeps`. */
export interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly db: Database;
  readonly sender: Sender;
  readonly customChannel: CustomChannel;
  readonly rates: Rates;
  readonly upstream: Upstream;
  readonly files: FileStore;
  readonly openStream: OpenStream;
}
