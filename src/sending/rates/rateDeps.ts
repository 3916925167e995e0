import type { AccountLimits } from '../../channels/rates.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';
import type { Log } from '../../log.ts';

/** What the rates of the channels are made of. */
export interface RateDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly config: Config;
  readonly log: Log;
  readonly readAccount: () => Promise<AccountLimits>;
}
