import type { Sender } from '../channels/channel.ts';
import type { CustomChannel } from '../channels/custom/customChannel.ts';
import { createAccountReader } from '../channels/sesAccount.ts';
import type { Upstream } from '../channels/upstream/upstream.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { RepointError } from '../domain/errors.ts';
import type { FileStore } from '../files/fileStore.ts';
import { createLog } from '../log.ts';
import { createRates } from '../sending/rates/createRates.ts';

/** The one access key of test servers, which run strict. */
export const testKey = {
  accessKeyId: 'AKIATESTTESTTESTTEST',
  secretAccessKey: 'test/secret+of=tests',
} as const;

/** Settings of a test: the defaults with one key, silent, nothing of the environment. */
export const testSettings = {
  REPOINT_ACCESS_KEYS: `${testKey.accessKeyId}:${testKey.secretAccessKey}`,
  REPOINT_DELIVERY: 'mailbox',
  REPOINT_LOG_LEVEL: 'silent',
  REPOINT_REGION: 'us-east-1',
} as const;

/**
 * Deps around a test's database. What talks to the outside refuses until a test brings its own, so that no test
 * leans on a provider without saying so.
 */
export function testDeps(db: Database, overrides: Partial<Deps> = {}): Deps {
  const deps = {
    config: readConfig(testSettings),
    log: createLog('silent'),
    clock: systemClock,
    db,
    sender: absentSender,
    customChannel: absentCustomChannel,
    upstream: absentUpstream,
    files: absentFiles,
    openStream: absent('event stream'),
    ...overrides,
  };
  const rates = createRates({ ...deps, readAccount: createAccountReader(deps.config) });
  return { rates, ...deps };
}

function absent(name: string): () => never {
  return () => {
    throw new RepointError('NotImplemented', `This test was given no ${name}`);
  };
}

const absentSender: Sender = { send: absent('sender') };
const absentCustomChannel: CustomChannel = { call: absent('custom channel') };

const absentUpstream: Upstream = {
  createApp: absent('upstream'),
  updateChannel: absent('upstream'),
  deleteChannel: absent('upstream'),
  verifyOtp: absent('upstream'),
  validatePhoneNumber: absent('upstream'),
};

const absentFiles: FileStore = { list: absent('file store'), open: absent('file store') };
