import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createSesClient, createSmsVoiceClient } from '../channels/clients.ts';
import { type ListedAddress, sesSuppressionList, smsOptOutList } from '../channels/suppressionLists.ts';
import {
  isOneOfSeveralPages,
  parseSuppressedAddress,
  parseSuppressionFile,
} from '../contract/suppressionFile.ts';
import type { OpenDeps } from '../createDeps.ts';
import { listSuppressions, removeSuppressions } from '../db/people/suppressions.ts';
import { badRequest } from '../domain/errors.ts';
import {
  type SuppressedAddress,
  type SuppressibleChannel,
  suppressedForm,
  suppressibleChannels,
} from '../domain/suppression.ts';
import {
  type ImportedSuppression,
  type ImportedSuppressions,
  importSuppressions,
} from '../ingest/feedback/importSuppressions.ts';
import { announceSource } from './listSource.ts';
import { readTextFile } from './readTextFile.ts';
import { withDeps } from './withDeps.ts';

interface ImportOptions {
  readonly ses?: true;
  readonly smsOptouts?: string | true;
}

/** `repoint suppressions import | list | remove`: the addresses that no app sends to; works on `DATABASE_URL`. */
export function addSuppressionCommands(program: Command): void {
  const suppressions = program
    .command('suppressions')
    .description('the addresses that no app sends to: take over what AWS has, list and free them');
  suppressions
    .command('import [file]')
    .description('take over addresses from a file or from AWS; harmless when repeated')
    .option('--ses', "SES's suppression list of the account")
    .option('--sms-optouts [list]', 'an opt-out list of End User Messaging; Default where none is named')
    .action((file: string | undefined, options: ImportOptions) =>
      withDeps((deps) => importAll(deps, file, options)),
    );
  suppressions
    .command('list')
    .description('print them, a line each: channel, address, reason, since when, heard where')
    .addOption(new Option('--channel <channel>', `only those: ${channels}`).argParser(channelIn))
    .action(({ channel }: { channel?: SuppressibleChannel }) => withDeps((deps) => list(deps, channel)));
  suppressions
    .command('remove <address...>')
    .description('free addresses and forget them; endpoints that were opted out stay so')
    .option('--push', 'they are push tokens')
    .action((addresses: string[], { push = false }: { push?: boolean }) =>
      withDeps((deps) => remove(deps, addresses, push)),
    );
}

const channels = suppressibleChannels.join(', ');

/** In any case: `email` as well as `EMAIL`. */
function channelIn(text: string): SuppressibleChannel {
  const channel = suppressibleChannels.find((one) => one === text.toUpperCase());
  if (channel === undefined) throw new InvalidArgumentError(`Allowed choices are ${channels}, in any case.`);
  return channel;
}

async function importAll(deps: OpenDeps, file: string | undefined, options: ImportOptions): Promise<void> {
  if (file === undefined && !options.ses && !options.smsOptouts) {
    throw badRequest([{ path: 'import', message: 'name a file, or --ses, or --sms-optouts' }]);
  }
  const { config } = deps;
  if (file !== undefined) await importFile(deps, file);
  if (options.ses) {
    announceSource(config, "SES's suppression list", 'REPOINT_UPSTREAM_SES_URL');
    await importFrom(deps, 'ses', sesSuppressionList(createSesClient(config, patience)));
  }
  if (options.smsOptouts) {
    announceSource(config, "End User Messaging's opt-out list", 'REPOINT_UPSTREAM_SMS_VOICE_URL');
    const name = options.smsOptouts === true ? 'Default' : options.smsOptouts;
    await importFrom(deps, 'sms-optouts', smsOptOutList(createSmsVoiceClient(config, patience), name));
  }
}

async function importFile(deps: OpenDeps, file: string): Promise<void> {
  const text = await readTextFile(file);
  const name = path.basename(file);
  await importFrom(deps, name, fromFile(text));
  if (!isOneOfSeveralPages(text)) return;
  console.error(
    `${name}: this is one page of several (it has a NextToken). Import the others too, or all with --ses`,
  );
}

/** AWS lets these lists be read once a second or so. */
const patience = { maxAttempts: 8 };
const PAGE_SIZE = 1000;

function* fromFile(text: string) {
  const all = parseSuppressionFile(text);
  for (let start = 0; start < all.length; start += PAGE_SIZE) yield all.slice(start, start + PAGE_SIZE);
}

type Page = readonly (SuppressedAddress & Pick<ListedAddress, 'reason'> & { readonly since: Date | null })[];

/** Each page is kept as soon as it is read: after a failure the same command goes through them again, without harm. */
async function importFrom(
  deps: OpenDeps,
  source: string,
  pages: AsyncIterable<Page> | Iterable<Page>,
): Promise<void> {
  const now = await deps.clock.now();
  let total: ImportedSuppressions = { read: 0, suppressed: 0, optedOut: 0 };
  for await (const page of pages) {
    const suppressions = page.flatMap((one): ImportedSuppression[] => {
      const form = suppressedForm(one.channel, one.address);
      const { address: given, reason, since } = one;
      return form === null ? [] : [{ ...form, given, reason, source, since: since ?? now }];
    });
    total = sum(total, await importSuppressions(deps, suppressions, now));
    if (total.read >= PAGE_SIZE) console.error(`${source}: ${total.read} read`);
  }
  const { read, suppressed, optedOut } = total;
  console.log(`${source}: read ${read}, newly suppressed ${suppressed}, endpoints opted out ${optedOut}`);
}

function sum(a: ImportedSuppressions, b: ImportedSuppressions): ImportedSuppressions {
  return {
    read: a.read + b.read,
    suppressed: a.suppressed + b.suppressed,
    optedOut: a.optedOut + b.optedOut,
  };
}

async function list({ db }: OpenDeps, channel: SuppressibleChannel | undefined): Promise<void> {
  for await (const { channel: on, address, reason, since, source } of listSuppressions(db, channel)) {
    console.log([on, address, reason, since.toISOString(), source].join('\t'));
  }
}

async function remove({ db }: OpenDeps, given: readonly string[], arePush: boolean): Promise<void> {
  const parse = (one: string) =>
    arePush ? { channel: 'PUSH' as const, address: one } : parseSuppressedAddress(one);
  const removed = await removeSuppressions(db, given.map(parse));
  console.log(`${removed} of ${given.length} were suppressed and are free now.`);
}
