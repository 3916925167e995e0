import { createSender } from './channels/createSender.ts';
import { createCustomChannel } from './channels/custom/createCustomChannel.ts';
import { createAccountReader } from './channels/sesAccount.ts';
import { createStreams } from './channels/streams/createStreams.ts';
import { createUpstream } from './channels/upstream/upstreamPinpoint.ts';
import { refuseAwsWithMailbox } from './channels/upstreamAddress.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import type { Deps } from './deps.ts';
import { badRequest } from './domain/errors.ts';
import { createFileStore } from './files/createFileStore.ts';
import type { Log } from './log.ts';
import { createRates } from './sending/rates/createRates.ts';

export interface OpenDeps extends Deps {
  /** Rejects when the database does not answer. */
  checkDatabase(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Chooses the implementation of everything that does I/O; the only place that does.
 * @throws RepointError BadRequest when DATABASE_URL is missing, an upstream address is our own, or one of a provider or a
 *   queue is AWS while delivery is mailbox
 */
export function createDeps(config: Config, log: Log): OpenDeps {
  if (config.DATABASE_URL === undefined) {
    throw badRequest([
      { path: 'DATABASE_URL', message: 'required here, as postgresql://user:password@host:5432/database' },
    ]);
  }
  for (const queue of config.REPOINT_FEEDBACK_QUEUES)
    refuseAwsWithMailbox(config, 'REPOINT_FEEDBACK_QUEUES', queue);
  const sender = createSender(config, log);
  const customChannel = createCustomChannel(config, log);
  const upstream = createUpstream(config);
  const openStream = createStreams(config);
  const db = openDatabase(config.DATABASE_URL, {
    onError: (error) => log.warn({ error: error.name }, 'a connection to Postgres was lost'),
  });
  return {
    config,
    log,
    clock: systemClock,
    db,
    sender,
    customChannel,
    rates: createRates({ db, clock: systemClock, config, log, readAccount: createAccountReader(config) }),
    upstream,
    files: createFileStore(config),
    openStream,
    checkDatabase: async () => {
      await db.selectNoFrom((expression) => expression.lit(1).as('one')).execute();
    },
    close: () => db.destroy(),
  };
}
