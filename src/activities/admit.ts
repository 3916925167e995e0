import { countForCaps } from '../db/capCounts.ts';
import type { Tx } from '../db/database.ts';
import { type Holding, hold } from '../sending/hold.ts';
import type { ClaimTime, MessageOwner, Recipient } from '../sending/ledger.ts';
import { recordSkip } from '../sending/record.ts';
import type { MessageRow } from '../sending/rows.ts';
import type { Gate } from './gate.ts';
import type { EndpointRow, Reachable } from './recipients.ts';
import type { SendingRules } from './sendingRules.ts';

/** The recipients of one step that ask to be called, and by what they are judged. */
export interface Admission {
  readonly tx: Tx;
  readonly gate: Gate;
  readonly owner: MessageOwner;
  readonly rules: SendingRules;
  readonly recipients: readonly Recipient[];
  /** What the ledger has of them. */
  readonly rows: readonly MessageRow[];
  readonly reachable: readonly Reachable[];
  readonly time: ClaimTime;
  /** The journey's next turns to send, taken for this look. */
  readonly turns: readonly Date[];
}

/** `turn`: may be sent as soon as the journey has a turn for it. */
type Judgement =
  | { readonly is: 'call' | 'turn' }
  | { readonly is: 'skip'; readonly reason: string }
  | { readonly is: 'hold'; readonly until: Date; readonly reason: string };

/** How late (logical milliseconds) a turn may still be used. */
const TURN_LASTS_MS = 10_000;
export const AWAITS_TURN = 'MESSAGES_PER_SECOND';

/**
 * Puts everybody on the ledger who may not be called now: held until their time or turn, or skipped with the reason. The
 * others are left for `claim`. The participant's row is locked, so that no two journeys take the last place of a cap.
 * @returns how many turns are wanted that were not given; above 0, nothing was written: ask again with as many
 */
export async function admit(admission: Admission): Promise<number> {
  const { tx, owner, time } = admission;
  const judged = await judgeAll(admission);
  const turns = [...admission.turns];
  const wanted = judged.filter(({ judgement }) => judgement.is === 'turn').length;
  if (wanted > turns.length) return wanted;
  const holdings: Holding[] = [];
  for (const { recipient, judgement } of judged) {
    if (judgement.is === 'skip') await recordSkip(tx, owner, recipient, judgement.reason, time.logical);
    if (judgement.is === 'hold') holdings.push({ recipient, ...judgement });
    const turn = judgement.is === 'turn' ? turns.shift() : undefined;
    if (turn && turn > time.logical) holdings.push({ recipient, until: turn, reason: AWAITS_TURN });
  }
  await hold(tx, owner, holdings, time.logical);
  return 0;
}

interface Asking {
  readonly recipient: Recipient;
  readonly row: MessageRow | undefined;
  readonly endpoint: EndpointRow;
}

interface Judged {
  readonly recipient: Recipient;
  readonly judgement: Judgement;
}

/** Who would be called now. Whoever cannot be written to at all is left to the claim, which says why. */
function askingOf({ recipients, rows, reachable, time }: Admission): Asking[] {
  return recipients.flatMap((recipient) => {
    const row = rows.find((each) => each.recipient === recipient.recipient);
    const target = reachable.find(({ endpoint }) => endpoint.id === recipient.endpointId);
    const isAsked = isAsking(row, time.logical) && target?.why === null;
    return isAsked ? [{ recipient, row, endpoint: target.endpoint }] : [];
  });
}

async function judgeAll(admission: Admission): Promise<Judged[]> {
  const { tx, gate, rules, time } = admission;
  const asking = askingOf(admission);
  if (asking.length === 0) return [];
  const counted = await countForCaps(tx, gate.entry, rules.caps, time.logical);
  const judged: Judged[] = [];
  let taken = 0;
  for (const { recipient, row, endpoint } of asking) {
    const full = rules.caps.find((cap, index) => (counted[index] ?? 0) + taken >= cap.most);
    const judgement =
      (await untimely(rules, endpoint, time.logical)) ??
      (full && !hasPlace(row)
        ? ({ is: 'skip', reason: full.reason } as const)
        : turnOf(rules, row, time.logical));
    if (judgement.is !== 'skip' && judgement.is !== 'hold' && !hasPlace(row)) taken += 1;
    judged.push({ recipient, judgement });
  }
  return judged;
}

/** Whether the next claim would call, and nothing was received before. */
function isAsking(row: MessageRow | undefined, now: Date): boolean {
  return row === undefined || (row.state === 'queued' && (row.held_until === null || row.held_until <= now));
}

/** What was called once has its place under the caps. */
function hasPlace(row: MessageRow | undefined): boolean {
  return row !== undefined && row.attempt > 0;
}

async function untimely(rules: SendingRules, endpoint: EndpointRow, now: Date): Promise<Judgement | null> {
  const verdict = await rules.judge(endpoint, now);
  if (verdict.is === 'now') return null;
  if (verdict.is === 'drop') return { is: 'skip', reason: verdict.reason };
  return { is: 'hold', until: new Date(verdict.until), reason: verdict.reason };
}

function turnOf({ perSecond }: SendingRules, row: MessageRow | undefined, now: Date): Judgement {
  if (perSecond === null) return { is: 'call' };
  const turn = row?.attempt === 0 && row.held_for === AWAITS_TURN ? row.held_until : null;
  const isGood = turn !== null && now.getTime() - turn.getTime() < TURN_LASTS_MS;
  return { is: isGood ? 'call' : 'turn' };
}
