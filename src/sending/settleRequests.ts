import type { Outgoing } from '../channels/channel.ts';
import type { Tx } from '../db/database.ts';
import { refusalOf, targetsByEndpoint } from '../db/people/sendTargets.ts';
import type { Deps } from '../deps.ts';
import { DAY_MS } from '../domain/duration.ts';
import { channelFault, channelSettings } from './channelSettings.ts';
import { claim } from './claim.ts';
import { outgoing, type SendingChoices } from './compose.ts';
import { deliver } from './deliver.ts';
import { inParallel } from './inParallel.ts';
import { type CallClaim, type MessageOwner, PASSWORD_STEP } from './ledger.ts';
import { recordSkip } from './record.ts';
import { type MessageRow, recipientOf } from './rows.ts';
import { untilSlot } from './untilSlot.ts';

const BATCH_SIZE = 100;
const CALLS_AT_A_TIME = 16;
/** As long as a repeat of the request is known as one (logical milliseconds). */
const REPEATABLE_MS = DAY_MS;

type SettlingDeps = Pick<Deps, 'config' | 'db' | 'sender' | 'clock' | 'log' | 'rates'>;

/**
 * Settles what requests have left open and nobody waits for: a message of unknown outcome whose grace is over is sent once
 * more, or listed as unknown for good; one that was throttled or not reached, and that no repeat of its request can send any more,
 * has failed. Any number of workers may do it.
 * @returns how many messages it settled or called about
 */
export async function settleRequests(deps: SettlingDeps): Promise<number> {
  const now = await deps.clock.now();
  const rows = await leftOpen(deps, now);
  const done = await inParallel(rows, CALLS_AT_A_TIME, async (row) => {
    try {
      return await settle(deps, row, now);
    } catch (error) {
      deps.log.error(
        { err: error, owner: row.owner, seq: row.seq },
        'a message of a request was not settled',
      );
      return false;
    }
  });
  return done.filter(Boolean).length;
}

async function leftOpen({ config, db }: SettlingDeps, now: Date): Promise<MessageRow[]> {
  const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
  return await db
    .selectFrom('message')
    .selectAll()
    .where('owner_kind', '=', 'request')
    .where('settled_at', 'is', null)
    .where('attempted_at', '<=', ago(graceOf(config)))
    .where((row) => row.or([row('state', '!=', 'queued'), row('attempted_at', '<=', ago(REPEATABLE_MS))]))
    .orderBy('attempted_at')
    .limit(BATCH_SIZE)
    .execute();
}

function graceOf(config: Deps['config']): number {
  return config.REPOINT_UNKNOWN_GRACE_SECONDS * 1000;
}

async function settle(deps: SettlingDeps, row: MessageRow, now: Date): Promise<boolean> {
  const owner = ownerOf(deps, row);
  if (row.state === 'queued') {
    await deps.db
      .transaction()
      .execute((tx) => recordSkip(tx, owner, recipientOf(row), row.reason ?? 'NOT_REPEATED', now));
    return true;
  }
  const { channel } = owner;
  const { slots } = await deps.rates.ask({ channel, count: 1, class: row.class });
  if (slots.length === 0) return false;
  await untilSlot(slots[0]);
  const ready = await deps.db.transaction().execute(async (tx) => {
    const [answer] = await claim(tx, owner, [recipientOf(row)], { logical: now, real: new Date() });
    return answer?.kind === 'call' ? await prepare(tx, owner, row, answer, now) : (answer?.kind ?? 'wait');
  });
  if (typeof ready === 'string') {
    deps.rates.giveBack(channel, slots);
    return ready === 'settled';
  }
  await deliver(deps, owner, ready.call, ready.message);
  return true;
}

function ownerOf({ config }: SettlingDeps, row: MessageRow): MessageOwner {
  return {
    appId: row.app_id,
    owner: row.owner,
    kind: 'request',
    step: row.step,
    channel: row.channel as MessageOwner['channel'],
    class: row.class,
    graceMs: graceOf(config),
    keepsBody: row.keeps_body,
  };
}

/** The call as the request wanted it, unless something speaks against it by now: then the message stays unknown. */
async function prepare(
  tx: Tx,
  owner: MessageOwner,
  row: MessageRow,
  call: CallClaim,
  now: Date,
): Promise<{ call: CallClaim; message: Outgoing } | 'settled'> {
  const settings = await channelSettings(tx, owner.appId, row.channel_type);
  const choices = (row.choices ?? {}) as SendingChoices;
  const against =
    (row.step === PASSWORD_STEP ? 'PASSWORD_NOT_REPEATED' : null) ??
    (await endpointFault(tx, row)) ??
    channelFault(settings, choices) ??
    (call.rendered === null ? 'NOTHING_TO_SEND' : null);
  if (against === null && call.rendered !== null) {
    const origin = row.endpoint_id === null ? {} : { endpointId: row.endpoint_id };
    return { call, message: outgoing(call.rendered, call, origin, settings, choices) };
  }
  await recordSkip(tx, owner, call, against ?? 'NOTHING_TO_SEND', now);
  return 'settled';
}

async function endpointFault(tx: Tx, row: MessageRow): Promise<string | null> {
  if (row.endpoint_id === null) return null;
  const [endpoint] = await targetsByEndpoint(tx, row.app_id, [row.endpoint_id]);
  return endpoint === undefined ? 'ENDPOINT_DELETED' : refusalOf(endpoint);
}
