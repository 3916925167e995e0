import type { Permit } from '../../channels/rates.ts';
import type { Tx } from '../../db/database.ts';
import { countForCaps } from '../../db/messages/capCounts.ts';
import type { SendTarget } from '../../db/people/sendTargets.ts';
import { type Holding, hold } from '../../sending/hold.ts';
import type { ClaimTime, MessageOwner, Recipient } from '../../sending/ledger.ts';
import { recordSkip } from '../../sending/record.ts';
import type { MessageRow } from '../../sending/rows.ts';
import type { Gate } from './gate.ts';
import type { Reachable } from './recipients.ts';
import type { SendingRules } from './sendingRules.ts';

/** The recipients of one step that ask to be called, and by what they are judged. */
export interface Admission {
  readonly tx: Tx;
  readonly gate: Gate;
  readonly owner: MessageOwner;
  readonly rules: SendingRules | null;
  readonly recipients: readonly Recipient[];
  /** What the ledger has of them. */
  readonly rows: readonly MessageRow[];
  readonly reachable: readonly Reachable[];
  readonly time: ClaimTime;
  readonly leave: Leave;
}

/** What was taken for this look: slots of the channel, and turns of the journey. */
export interface Leave {
  readonly permit: Permit;
  /** As what the slots were asked for. */
  readonly as: MessageOwner['class'];
  readonly turns: readonly Date[];
}

/** What is to be taken before the same look is repeated; nothing was written. */
export interface Wanted {
  readonly is: 'wanted';
  readonly journeyId: string;
  readonly as: MessageOwner['class'];
  /** Slots of the channel; 0: those that are there will do. */
  readonly slots: number;
  /** Turns of the journey's pace, and from when (logical time). */
  readonly turns: number;
  readonly perSecond: number;
  readonly from: Date;
}

/** `open`: may be sent as soon as the channel has a slot for it and the journey a turn, where it `needsTurn`. */
type Judgement =
  | { readonly is: 'open'; readonly needsTurn: boolean }
  | { readonly is: 'skip'; readonly reason: string }
  | { readonly is: 'hold'; readonly until: Date; readonly reason: string };

/** How late (logical milliseconds) a turn may still be used. */
const TURN_LASTS_MS = 10_000;
const AWAITS_TURN = 'MESSAGES_PER_SECOND';

/** Holds that are over in seconds or minutes, and those of hours or a day; all for want of a slot or a turn. */
const shortHolds: readonly string[] = [AWAITS_TURN, 'SENDING_RATE'];
const longHolds: readonly string[] = ['DAILY_QUOTA', 'SENDING_PAUSED'];

/** Whether somebody was held for the sake of a rate, and by nothing that concerns them. */
export function isHeldForRate(reason: string | null): boolean {
  return reason !== null && (shortHolds.includes(reason) || longHolds.includes(reason));
}

/** The same, where it is soon over. */
export function isHeldBriefly(reason: string | null): boolean {
  return reason !== null && shortHolds.includes(reason);
}

/**
 * Puts everybody on the ledger who may not be called now: held until their time, slot or turn, or skipped with the reason. The
 * others are left for `claim`. The participant's row is locked, so that no two journeys take the last place of a cap.
 * @returns what is wanted for it that was not given; null when it is done
 */
export async function admit(admission: Admission): Promise<Wanted | null> {
  const { tx, owner, time } = admission;
  const judged = await judgeAll(admission);
  const leaving = judged.flatMap(({ recipient, judgement }) =>
    judgement.is === 'open' ? [{ recipient, needsTurn: judgement.needsTurn }] : [],
  );
  const wanted = wantedFor(admission, leaving);
  if (wanted !== null) return wanted;
  const holdings = heldForRate(admission, leaving);
  for (const { recipient, judgement } of judged) {
    if (judgement.is === 'skip') await recordSkip(tx, owner, recipient, judgement.reason, time.logical);
    if (judgement.is === 'hold') holdings.push({ recipient, ...judgement });
  }
  await hold(tx, owner, holdings, time.logical);
  return null;
}

interface LeavingNow {
  readonly recipient: Recipient;
  readonly needsTurn: boolean;
}

/** First slots for all who leave, then turns for those who need one from when they may leave. */
function wantedFor(
  { gate, owner, rules, leave, time }: Admission,
  leaving: readonly LeavingNow[],
): Wanted | null {
  const { slots, refused } = leave.permit;
  const answered = slots.length + (leave.as === owner.class ? (refused?.waitsMs.length ?? 0) : 0);
  const perSecond = rules?.perSecond ?? null;
  const wanted = {
    is: 'wanted',
    journeyId: gate.journey.id,
    as: owner.class,
    perSecond: perSecond ?? 0,
  } as const;
  if (leaving.length > answered) return { ...wanted, slots: leaving.length, turns: 0, from: time.logical };
  if (perSecond === null) return null;
  const places = leaving.flatMap(({ needsTurn }, place) =>
    needsTurn || place >= slots.length ? [place] : [],
  );
  if (places.length <= leave.turns.length) return null;
  const from = leavesFrom(leave.permit, places[0] ?? 0, time);
  return { ...wanted, slots: 0, turns: places.length, from };
}

/** From when (logical time) the recipient at a place may leave, as far as the channel goes. */
function leavesFrom({ slots, refused }: Permit, place: number, { logical }: ClaimTime): Date {
  if (place < slots.length || refused === null) return logical;
  const waitMs = refused.waitsMs[place - slots.length] ?? refused.waitsMs.at(-1) ?? 0;
  return new Date(logical.getTime() + waitMs);
}

/** Those for whom the channel has no slot or the journey no turn yet. Who has to wait for a slot leaves at a turn as well. */
function heldForRate({ leave, rules, time }: Admission, leaving: readonly LeavingNow[]): Holding[] {
  const turns = [...leave.turns];
  const isPaced = (rules?.perSecond ?? null) !== null;
  return leaving.flatMap(({ recipient, needsTurn }, place) => {
    const hasSlot = place < leave.permit.slots.length;
    const from = leavesFrom(leave.permit, place, time);
    const turn = isPaced && (needsTurn || !hasSlot) ? turns.shift() : undefined;
    const until = turn !== undefined && turn > from ? turn : from;
    const reason = hasSlot ? AWAITS_TURN : (leave.permit.refused?.reason ?? AWAITS_TURN);
    return until > time.logical ? [{ recipient, until, reason }] : [];
  });
}

interface Asking {
  readonly recipient: Recipient;
  readonly row: MessageRow | undefined;
  readonly endpoint: SendTarget;
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
  const caps = rules?.caps ?? [];
  const counted = await countForCaps(tx, gate.entry, caps, time.logical);
  const judged: Judged[] = [];
  let taken = 0;
  for (const { recipient, row, endpoint } of asking) {
    const full = caps.find((cap, index) => (counted[index] ?? 0) + taken >= cap.most);
    const judgement =
      (await untimely(rules, endpoint, time.logical)) ??
      (full && !hasPlace(row)
        ? ({ is: 'skip', reason: full.reason } as const)
        : openTo(rules, row, time.logical));
    if (judgement.is === 'open' && !hasPlace(row)) taken += 1;
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

async function untimely(
  rules: SendingRules | null,
  endpoint: SendTarget,
  now: Date,
): Promise<Judgement | null> {
  if (rules === null) return null;
  const verdict = await rules.judge(endpoint, now);
  if (verdict.is === 'now') return null;
  if (verdict.is === 'drop') return { is: 'skip', reason: verdict.reason };
  return { is: 'hold', until: new Date(verdict.until), reason: verdict.reason };
}

function openTo(rules: SendingRules | null, row: MessageRow | undefined, now: Date): Judgement {
  if ((rules?.perSecond ?? null) === null) return { is: 'open', needsTurn: false };
  const turn = row?.attempt === 0 && isHeldForRate(row.held_for) ? row.held_until : null;
  return { is: 'open', needsTurn: turn === null || now.getTime() - turn.getTime() >= TURN_LASTS_MS };
}
