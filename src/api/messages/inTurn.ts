import type { Permit } from '../../channels/rates.ts';
import type { Deps } from '../../deps.ts';
import type { MessageOwner } from '../../sending/ledger.ts';
import { readStep } from '../../sending/rows.ts';
import { untilSlot } from '../../sending/untilSlot.ts';
import type { Prepared } from './prepare.ts';
import { type Result, throttled } from './results.ts';
import type { Target } from './targets.ts';

/** Claims are made for calls that begin within this of each other (milliseconds): a claim does not live long. */
const CLAIMED_TOGETHER_MS = 1000;

interface Turn {
  readonly some: readonly Prepared[];
  /** When (`performance.now()`) each may leave. */
  readonly slots: ReadonlyMap<Prepared, number>;
  /** The number of their first message, where the ledger holds nothing of them. */
  readonly next: number | null;
}

/**
 * A request's messages as their channel lets them leave: at once what fits, the others in their turn for as long as
 * REPOINT_SEND_WAIT_SECONDS; who has no turn by then is answered THROTTLED, and nothing of them is written. What an earlier
 * try of the request has sent, or is sending, needs no turn.
 */
export async function* inTurn(
  deps: Deps,
  owner: MessageOwner,
  group: readonly Prepared[],
  results: Map<Target, Result>,
): AsyncGenerator<Turn> {
  const { rows, ...numbers } = await readStep(deps.db, owner);
  let next = rows.length === 0 ? numbers.next : null;
  const known = new Set(rows.filter(({ state }) => state !== 'queued').map(({ recipient }) => recipient));
  const [earlier, fresh] = [true, false].map((isKnown) =>
    group.filter((one) => known.has(one.target.recipient.recipient) === isKnown),
  ) as [Prepared[], Prepared[]];
  if (earlier.length > 0) yield { some: earlier, slots: new Map(), next: null };
  if (fresh.length === 0) return;
  const patienceMs = deps.config.REPOINT_SEND_WAIT_SECONDS * 1000;
  const { channel } = owner;
  const permit = await deps.rates.ask({ channel, count: fresh.length, class: 'transactional', patienceMs });
  const left = [...permit.slots];
  try {
    for (const one of fresh.slice(left.length)) results.set(one.target, throttled(textOf(permit)));
    const waiting = fresh.slice(0, left.length);
    while (waiting.length > 0) {
      await untilSlot(left[0]);
      const count = left.filter((slot) => slot < performance.now() + CLAIMED_TOGETHER_MS).length;
      const slots = left.splice(0, count);
      const some = waiting.splice(0, count);
      yield { some, slots: new Map(some.map((one, index) => [one, slots[index] ?? 0])), next };
      if (next !== null) next += some.length;
    }
  } finally {
    deps.rates.giveBack(channel, left);
  }
}

const texts = {
  SENDING_RATE: 'Maximum sending rate exceeded',
  DAILY_QUOTA: 'Daily message quota exceeded',
  SENDING_PAUSED: "The account's sending is paused",
} as const;

function textOf({ refused }: Permit): string {
  return texts[refused?.reason ?? 'SENDING_RATE'];
}
