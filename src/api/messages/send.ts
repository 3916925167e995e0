import { newTimeId } from '../../db/ids.ts';
import type { Deps } from '../../deps.ts';
import { channelOf } from '../../domain/channel.ts';
import { RepointError } from '../../domain/errors.ts';
import { type ChannelSettings, channelSettings } from '../../sending/channelSettings.ts';
import { noEndpoint, type UnsubscribeLink, unsubscribeLink } from '../../sending/unsubscribeLink.ts';
import { upstreamAppOf } from '../../sending/upstreamApp.ts';
import type { Call } from '../handler.ts';
import type { ChannelMessage } from './channelMessage.ts';
import { channelMessages, type MessageSource } from './content.ts';
import { type Moment, type Prepared, prepare } from './prepare.ts';
import { failure, notNow, type Result, unclear } from './results.ts';
import { sendGroup } from './sendGroup.ts';
import type { Found, Target } from './targets.ts';

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
  const groups = Map.groupBy(prepared, ({ target, channel }) => `${channel} ${target.step}`);
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
    if ('target' in ready) return [ready];
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
