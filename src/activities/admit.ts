import type { Selectable } from 'kysely';
import { countForCaps } from '../db/capCounts.ts';
import type { Tx } from '../db/database.ts';
import type { MessageTable } from '../db/tables.ts';
import { type Holding, hold } from '../sending/hold.ts';
import type { ClaimTime, MessageOwner, Recipient } from '../sending/ledger.ts';
import { recordSkip } from '../sending/record.ts';
import { stepRows } from '../sending/rows.ts';
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
  readonly reachable: readonly Reachable[];
  readonly time: ClaimTime;
  /** The journey's next turns to send, taken for this look. */
  readonly turns: readonly Date[];
}

type Row = Selectable<MessageTable>;
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

interface Judged {
  readonly recipient: Recipient;
  readonly judgement: Judgement;
}

async function judgeAll(admission: Admission): Promise<Judged[]> {
  const { tx, gate, owner, rules, recipients, reachable, time } = admission;
  const rows = new Map((await stepRows(tx, owner)).map((row) => [row.recipient, row]));
  const counted = await countForCaps(tx, gate.entry, rules.caps, time.logical);
  const judged: Judged[] = [];
  let taken = 0;
  for (const recipient of recipients) {
    const row = rows.get(recipient.recipient);
    const target = reachable.find(({ endpoint }) => endpoint.id === recipient.endpointId);
    // whoever cannot be written to at all is told so by the claim
    if (!isAsking(row, time.logical) || !target || target.why !== null) continue;
    const full = rules.caps.find((cap, index) => (counted[index] ?? 0) + taken >= cap.most);
    const judgement =
      (await untimely(rules, target.endpoint, time.logical)) ??
      (full && !hasPlace(row)
        ? ({ is: 'skip', reason: full.reason } as const)
        : turnOf(rules, row, time.logical));
    if (judgement.is !== 'skip' && judgement.is !== 'hold' && !hasPlace(row)) taken += 1;
    judged.push({ recipient, judgement });
  }
  return judged;
}

/** Whether the next claim would be a call that is certainly the first to be received. */
function isAsking(row: Row | undefined, now: Date): boolean {
  return row === undefined || (row.state === 'queued' && (row.held_until === null || row.held_until <= now));
}

/** What was called once has its place under the caps. */
function hasPlace(row: Row | undefined): boolean {
  return row !== undefined && row.attempt > 0;
}

async function untimely(rules: SendingRules, endpoint: EndpointRow, now: Date): Promise<Judgement | null> {
  const verdict = (await rules.judge?.(endpoint, now)) ?? { is: 'now' };
  if (verdict.is === 'now') return null;
  if (verdict.is === 'drop' || !rules.waits) return { is: 'skip', reason: verdict.reason };
  return { is: 'hold', until: new Date(verdict.until), reason: verdict.reason };
}

function turnOf({ perSecond }: SendingRules, row: Row | undefined, now: Date): Judgement {
  if (perSecond === null) return { is: 'call' };
  const turn = row?.attempt === 0 && row.held_for === AWAITS_TURN ? row.held_until : null;
  const isGood = turn !== null && now.getTime() - turn.getTime() < TURN_LASTS_MS;
  return { is: isGood ? 'call' : 'turn' };
}
