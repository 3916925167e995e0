import type { Outgoing } from '../../channels/channel.ts';
import type { OutgoingCustom } from '../../channels/custom/customChannel.ts';
import type { Tx } from '../../db/database.ts';
import { writeWatches } from '../../db/journeys/watches.ts';
import type { Deps } from '../../deps.ts';
import { openingOf } from '../../domain/journey/ahead.ts';
import { stepById } from '../../domain/journey/stepOf.ts';
import { isMessageStep, type MessageStep } from '../../domain/journey/steps.ts';
import { watchesOf } from '../../ingest/events/watchesOf.ts';
import { claim, claimFrom, type Say } from '../../sending/claim.ts';
import type { CallClaim, ClaimTime, MessageOwner, Recipient } from '../../sending/ledger.ts';
import { recordSkip } from '../../sending/record.ts';
import { type MessageRow, readStep, recipientOf } from '../../sending/rows.ts';
import { admit, isHeldBriefly, type Leave, type Wanted } from './admit.ts';
import { composeStep } from './composeStep.ts';
import type { Composed, ComposeStep } from './composing.ts';
import { aheadOf, finishMessage, type Settled, skipMessage } from './finishMessage.ts';
import { type Gate, isHold, passGate, waitUntil } from './gate.ts';
import type { MessageAnswer, MessageInput } from './journeyActivities.ts';
import {
  channelTypesOf,
  type Reachable,
  reachableEndpoints,
  recipientsOf,
  type StepChannel,
} from './recipients.ts';
import { type SendingRules, sendingRulesOf } from './sendingRules.ts';

/** One provider call to make, claimed. */
export interface StepCall {
  readonly claim: CallClaim;
  readonly message: Outgoing | OutgoingCustom;
}

export interface StepCalls {
  readonly is: 'call';
  readonly owner: MessageOwner;
  readonly calls: readonly StepCall[];
}

/** Nobody may leave before this (logical time), for want of a slot or a turn. */
export interface LeavesLater {
  readonly is: 'later';
  readonly until: Date;
}

/** After the entry, a first message waits this long (milliseconds) for an endpoint on its channel: a user's second endpoint may be on its way. */
const FIRST_ENDPOINT_MS = 60_000;

/**
 * One look at a message step, in one transaction: either the calls to make now, claimed, with the watches on their
 * events written before they leave, or the step's answer. Journey state, opt-out, the segment and the time of day are
 * judged anew each time; who the recipients are is frozen by the first claim.
 * @param leave what was taken to send with; `wanted` tells where that is not enough
 */
export async function claimStep(
  tx: Tx,
  deps: Deps,
  channel: StepChannel,
  input: MessageInput,
  time: ClaimTime,
  leave: Leave,
): Promise<StepCalls | Wanted | LeavesLater | MessageAnswer> {
  const gate = await passGate(tx, input, time.logical);
  if (isHold(gate)) return gate;
  const step = stepById(gate.document, input.step);
  if (!step || !isMessageStep(step)) throw new Error(`Step ${input.step} sends no message`);
  const owner = ownerOf(deps, gate, input, channel, step);
  const { rows, next } = await readStep(tx, owner);
  const settled = rows.flatMap(settledOf);
  if (rows.length > 0 && settled.length === rows.length)
    return await finishMessage(tx, gate, input, settled, time.logical);
  const reachable = await reachableEndpoints(tx, gate, channelTypesOf(step));
  const frozen = rows.map(recipientOf);
  const recipients = frozen.length > 0 ? frozen : recipientsOf(gate.entry, reachable);
  if (recipients.length === 0) return await nobodyToSendTo(tx, gate, input, reachable, time.logical);
  const compose = await composeStep(tx, gate, step, deps.config);
  if (!compose && frozen.length === 0)
    return await skipMessage(tx, gate, input, 'TEMPLATE_MISSING', time.logical);
  const rules = sendingRulesOf(gate.journey, channel);
  const wanted = await admit({ tx, gate, owner, rules, recipients, rows, reachable, time, leave });
  if (wanted !== null) return wanted;
  const isNew = rows.length === 0;
  const preparation = { tx, owner, rules, compose, reachable, time, next: isNew ? next : null };
  const calls = await claimAndPrepare(preparation, recipients);
  if (calls.length > 0) {
    await watchMessage(tx, gate, input, time.logical);
    return { is: 'call', owner, calls };
  }
  return await answerOf(tx, gate, input, owner, time);
}

/** What became of a message, where nothing that is known of people or templates by now changes it: no claim could either. */
function settledOf({ settled_at, state, reason, accepted_at, held_for }: MessageRow): Settled[] {
  if (settled_at === null || state === 'claimed' || state === 'queued') return [];
  return [{ state, reason, acceptedAt: accepted_at, heldFor: held_for }];
}

function ownerOf(
  deps: Deps,
  gate: Gate,
  input: MessageInput,
  channel: StepChannel,
  step: MessageStep,
): MessageOwner {
  const transactional = step.kind === 'sms' && step.messageType === 'TRANSACTIONAL';
  return {
    appId: input.appId,
    owner: input.entryId,
    kind: 'entry',
    step: input.step,
    channel,
    class: transactional ? 'transactional' : 'marketing',
    journeyId: gate.journey.id,
    graceMs: deps.config.REPOINT_UNKNOWN_GRACE_SECONDS * 1000,
    keepsBody: deps.config.REPOINT_KEEP_BODIES_DAYS > 0,
  };
}

/** Nobody on the channel: of a first message the endpoint may still come; else the step is passed over, and why. */
async function nobodyToSendTo(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  reachable: readonly Reachable[],
  now: Date,
): Promise<MessageAnswer> {
  const { entry, journey } = gate;
  const until = entry.entered_at.getTime() + FIRST_ENDPOINT_MS / journey.time_scale;
  const isFirst = entry.position === null;
  if (reachable.length === 0 && isFirst && now.getTime() < until) return await waitUntil(tx, entry, until);
  const reasons = [...new Set(reachable.flatMap(({ why }) => why ?? []))];
  return await skipMessage(tx, gate, input, reasons.join(', ') || 'NO_ENDPOINT_ON_CHANNEL', now);
}

interface Preparation {
  readonly tx: Tx;
  readonly owner: MessageOwner;
  readonly rules: SendingRules | null;
  readonly compose: ComposeStep | null;
  readonly reachable: readonly Reachable[];
  readonly time: ClaimTime;
  /** The number of the next message, where the ledger holds nothing of the step. */
  readonly next: number | null;
}

/** Of the claimed, those that may really be called; the others end here with a reason. */
async function claimAndPrepare(
  preparation: Preparation,
  recipients: readonly Recipient[],
): Promise<StepCall[]> {
  const { tx, owner, time, next } = preparation;
  const prepared = new Map<string, Composed | string>();
  const say: Say = async (call) => {
    const composed = await prepareCall(preparation, call);
    prepared.set(call.recipient.recipient, composed);
    return typeof composed === 'string' ? undefined : composed.kept;
  };
  const calls: StepCall[] = [];
  for (const claimed of await claimFrom(next, tx, owner, recipients, time, say)) {
    const composed = prepared.get(claimed.recipient.recipient);
    if (claimed.kind !== 'call' || composed === undefined) continue;
    if (typeof composed === 'string') await recordSkip(tx, owner, claimed, composed, time.logical);
    else calls.push({ claim: claimed, message: composed.message });
  }
  return calls;
}

/** The call, or why there is none. */
async function prepareCall(preparation: Preparation, claimed: CallClaim): Promise<Composed | string> {
  const { tx, owner, rules, compose, reachable, time } = preparation;
  const target = reachable.find(({ endpoint }) => endpoint.id === claimed.recipient.endpointId);
  if (!target) return 'ENDPOINT_DELETED';
  if (target.why !== null) return target.why;
  // the first call was admitted just now; another one of a message that may have been received comes by itself
  const verdict = claimed.attempt > 1 ? await rules?.judge(target.endpoint, time.logical) : undefined;
  if (verdict && verdict.is !== 'now') return verdict.reason;
  if (!compose) return 'TEMPLATE_MISSING';
  return await compose(tx, owner, claimed, target.endpoint, time.logical);
}

/** The watches on a message's events are there before it leaves. */
async function watchMessage(tx: Tx, gate: Gate, input: MessageInput, now: Date): Promise<void> {
  const { entry, journey } = gate;
  const opens = openingOf(aheadOf(gate, input, now));
  await writeWatches(tx, entry.app_id, [{ entry, watches: watchesOf(journey, input.step), opens }]);
}

/** Nothing is left to call: somebody else's call or an unknown is waited for, or the step is over. */
async function answerOf(
  tx: Tx,
  gate: Gate,
  input: MessageInput,
  owner: MessageOwner,
  time: ClaimTime,
): Promise<MessageAnswer | LeavesLater> {
  const claims = await claim(tx, owner, (await readStep(tx, owner)).rows.map(recipientOf), time);
  const [wait] = claims
    .filter((claimed) => claimed.kind === 'wait')
    .sort((a, b) => a.until.getTime() - b.until.getTime());
  if (wait) {
    const hold = await waitUntil(tx, gate.entry, wait.until.getTime());
    return isHeldBriefly(wait.heldFor) ? { is: 'later', until: wait.until } : hold;
  }
  return await finishMessage(
    tx,
    gate,
    input,
    claims.filter((claimed) => claimed.kind === 'settled'),
    time.logical,
  );
}
