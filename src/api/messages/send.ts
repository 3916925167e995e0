import { setTimeout as sleep } from 'node:timers/promises';
import { newTimeId } from '../../db/ids.ts';
import type { Deps } from '../../deps.ts';
import { RepointError } from '../../domain/errors.ts';
import { type ChannelSettings, channelOf, channelSettings } from '../../sending/channelSettings.ts';
import { claim } from '../../sending/claim.ts';
import { deliver } from '../../sending/deliver.ts';
import { inParallel } from '../../sending/inParallel.ts';
import { CLAIM_ALIVE_MS, type Claim, type MessageOwner } from '../../sending/ledger.ts';
import { noEndpoint, type UnsubscribeLink, unsubscribeLink } from '../../sending/unsubscribeLink.ts';
import { untilSlot } from '../../sending/untilSlot.ts';
import { upstreamAppOf } from '../../sending/upstreamApp.ts';
import type { Call } from '../handler.ts';
import type { ChannelMessage } from './channelMessage.ts';
import { channelMessages, type MessageSource } from './content.ts';
import { inTurn } from './inTurn.ts';
import { type Moment, messageOf, type Prepared, prepare } from './prepare.ts';
import { failure, notNow, type Result, resultOfDelivery, resultOfSettled, unclear } from './results.ts';
import type { Found, Target } from './targets.ts';

/** Provider calls one request makes at a time. */
const CALLS_AT_A_TIME = 16;
const ASK_AGAIN_MS = 200;

export interface Answered {
  readonly place: Target['place'];
  readonly address: string | undefined;
  readonly result: Result;
}

/** Sends a request's message to each that was found, through the ledger, and answers each on its own. */
export async function sendToAll(
  call: Call,
  appId: string,
  request: MessageSource,
  found: readonly Found[],
): Promise<Answered[]> {
  const { deps } = call;
  const now = await deps.clock.now();
  const targets = found.flatMap((one) => ('target' in one ? [one.target] : []));
  const results = new Map<Target, Result>();
  // Every try of one request has the same owner of its messages, so that a repeat doubles nothing
  const owner = call.invocationId ?? newTimeId(now);
  const prepared = await prepareAll(deps, { appId, owner }, request, targets, results, now);
  const groups = Map.groupBy(prepared, ({ target, rendered }) => `${rendered.channel} ${target.step}`);
  for (const group of groups.values()) await sendGroup(deps, { appId, owner }, group, results);
  return found.map((one) => {
    if (!('target' in one)) return { place: one.place, address: one.address, result: one.result };
    const { place, recipient } = one.target;
    return { place, address: recipient.address, result: results.get(one.target) ?? unclear('No answer') };
  });
}

async function prepareAll(
  deps: Deps,
  ids: { readonly appId: string; readonly owner: string },
  request: MessageSource,
  targets: readonly Target[],
  results: Map<Target, Result>,
  now: Date,
): Promise<Prepared[]> {
  const types = new Set(targets.map(({ recipient }) => recipient.channelType));
  const messages = await channelMessages(deps.db, request, types);
  const settings = new Map<string, ChannelSettings | Result>();
  for (const type of types) settings.set(type, await readySettings(deps, ids.appId, type));
  return targets.flatMap((target) => {
    const message = messages.get(target.recipient.channelType);
    const channel = settings.get(target.recipient.channelType);
    if (message === undefined || channel === undefined) return [];
    const ready = prepareOne(target, message, channel, { now, unsubscribe: linkFor(deps, ids, target) });
    if ('rendered' in ready) return [ready];
    results.set(target, ready);
    return [];
  });
}

function linkFor(deps: Deps, ids: { appId: string; owner: string }, { recipient }: Target): UnsubscribeLink {
  const { endpointId } = recipient;
  return endpointId === null ? noEndpoint : unsubscribeLink(deps.config, { ...ids, endpointId });
}

function prepareOne(
  target: Target,
  message: ChannelMessage | { problem: string },
  channel: ChannelSettings | Result,
  moment: Moment,
): Prepared | Result {
  if ('problem' in message) return failure(400, message.problem);
  return 'DeliveryStatus' in channel ? channel : prepare(target, message, channel, moment);
}

/** The channel's settings with the upstream app that SMS and push need, made on first use. */
async function readySettings(
  deps: Deps,
  appId: string,
  channelType: string,
): Promise<ChannelSettings | Result> {
  const settings = await channelSettings(deps.db, appId, channelType);
  const channel = channelOf(channelType);
  if (!settings.enabled || channel === 'EMAIL' || channel === null) return settings;
  try {
    return { ...settings, upstreamAppId: await upstreamAppOf(deps, appId) };
  } catch (error) {
    if (error instanceof RepointError) return notNow(`The upstream app cannot be reached: ${error.message}`);
    throw error;
  }
}

async function sendGroup(
  deps: Deps,
  ids: { appId: string; owner: string },
  group: readonly Prepared[],
  results: Map<Target, Result>,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const owner: MessageOwner = {
    ...ids,
    kind: 'request',
    step: first.target.step,
    channel: first.rendered.channel,
    class: 'transactional',
    graceMs: deps.config.REPOINT_UNKNOWN_GRACE_SECONDS * 1000,
    keepsBody: deps.config.REPOINT_KEEP_BODIES_DAYS > 0,
  };
  for await (const { some, slots } of inTurn(deps, owner, group, results)) {
    const claims = await claimGroup(deps, owner, some);
    await inParallel(some, CALLS_AT_A_TIME, async (one) => {
      const claimed = claims.get(one.target.recipient.recipient);
      await untilSlot(slots.get(one));
      if (claimed !== undefined) results.set(one.target, await settle(deps, owner, one, claimed));
    });
  }
}

async function claimGroup(
  deps: Deps,
  owner: MessageOwner,
  group: readonly Prepared[],
): Promise<Map<string, Claim>> {
  const byRecipient = new Map(group.map((one) => [one.target.recipient.recipient, one]));
  const recipients = group.map(({ target }) => target.recipient);
  const now = { logical: await deps.clock.now(), real: new Date() };
  return deps.db.transaction().execute(async (tx) => {
    const claims = await claim(tx, owner, recipients, now, async (call) => {
      const one = byRecipient.get(call.recipient.recipient);
      if (call.rendered !== null || one === undefined) return undefined;
      const { template, choices } = one.message;
      return { rendered: one.rendered, template, choices };
    });
    return new Map(claims.map((claimed) => [claimed.recipient.recipient, claimed]));
  });
}

/** Makes the call of a claim; for a message that another try of this request is sending, waits for its answer. */
async function settle(deps: Deps, owner: MessageOwner, one: Prepared, first: Claim): Promise<Result> {
  const deadline = Date.now() + CLAIM_ALIVE_MS;
  for (let claimed = first; ; ) {
    if (claimed.kind === 'call') {
      const delivered = await deliver(deps, owner, claimed, messageOf(one, claimed));
      return resultOfDelivery(delivered, claimed.messageId);
    }
    if (claimed.kind === 'settled') return resultOfSettled(claimed, owner.owner);
    const now = await deps.clock.now();
    if (Date.now() >= deadline || claimed.until.getTime() > now.getTime() + CLAIM_ALIVE_MS) {
      return unclear('An earlier try of this message has no known outcome yet');
    }
    await sleep(ASK_AGAIN_MS);
    claimed = (await claimGroup(deps, owner, [one])).get(one.target.recipient.recipient) ?? claimed;
  }
}
