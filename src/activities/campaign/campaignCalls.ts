import type { MessageOrigin, Outgoing } from '../../channels/channel.ts';
import type { OutgoingCustom } from '../../channels/custom/customChannel.ts';
import type { Config } from '../../config.ts';
import type { Member } from '../../db/campaigns/campaignMembers.ts';
import type { CampaignRun } from '../../db/campaigns/campaignRuns.ts';
import type { Tx } from '../../db/database.ts';
import { type CampaignChannel, campaignChannels } from '../../domain/campaign/content.ts';
import { defaultTreatment } from '../../domain/campaign/treatment.ts';
import { RepointError } from '../../domain/errors.ts';
import { participantOf } from '../../domain/participant.ts';
import { campaignOwner } from '../../sending/campaignOwner.ts';
import { claim } from '../../sending/claim.ts';
import { outgoing } from '../../sending/compose.ts';
import type { CallClaim, ClaimTime, MessageOwner, Recipient, TemplateVersion } from '../../sending/ledger.ts';
import { type Kept, recordSkip } from '../../sending/record.ts';
import { renderMarketing, variablesOf } from '../../sending/render.ts';
import { type UnsubscribeSettings, unsubscribeLink } from '../../sending/unsubscribeLink.ts';
import { endpointDocument } from '../endpointDocument.ts';
import type { ChannelContent } from './campaignContent.ts';
import type { CampaignRunInput } from './campaignRunActivities.ts';

/** One provider call to make, claimed. */
export interface CampaignCall {
  readonly owner: MessageOwner;
  readonly claim: CallClaim;
  readonly message: Outgoing | OutgoingCustom;
}

/** A member, and the channel by which the campaign reaches it. */
export type CampaignMember = Member & { readonly channel: CampaignChannel };

/** The settings that a campaign's messages depend on. */
export type CampaignSettings = UnsubscribeSettings & Pick<Config, 'REPOINT_KEEP_BODIES_DAYS'>;

export interface CallScene {
  readonly input: CampaignRunInput;
  readonly run: CampaignRun;
  readonly contents: ReadonlyMap<string, ChannelContent>;
  readonly time: ClaimTime;
  readonly config: CampaignSettings;
}

/** A member as the ledger knows a recipient. */
export function recipientOf({ id, channel_type: channelType, address, user_id: userId }: Member): Recipient {
  const participant = participantOf({ id, userId });
  return { recipient: id, endpointId: id, participant, channelType, address };
}

/**
 * Claims members and composes their messages. Whoever is settled already is left out; `waitUntil` is when the claims that
 * somebody else holds are dead.
 */
export async function claimCalls(
  tx: Tx,
  scene: CallScene,
  members: readonly CampaignMember[],
): Promise<{ calls: CampaignCall[]; waitUntil: Date | undefined }> {
  const calls: CampaignCall[] = [];
  let waitUntil: Date | undefined;
  for (const channel of campaignChannels) {
    const byId = new Map(
      members.filter((member) => member.channel === channel).map((member) => [member.id, member] as const),
    );
    const owner = {
      ...campaignOwner(scene.input, channel),
      keepsBody: channel !== 'CUSTOM' && scene.config.REPOINT_KEEP_BODIES_DAYS > 0,
      template: templateOf(scene, [...byId.values()]),
    };
    const recipients = [...byId.values()].map(recipientOf);
    const composed = new Map<string, Composed | string>();
    const claims = await claim(tx, owner, recipients, scene.time, async (call) => {
      const one = compose(scene, owner, call, byId.get(call.recipient.recipient));
      composed.set(call.recipient.recipient, one);
      return typeof one === 'string' ? undefined : one.kept;
    });
    for (const answer of claims) {
      if (answer.kind === 'wait') waitUntil = later(waitUntil, answer.until);
      const one = composed.get(answer.recipient.recipient);
      if (answer.kind !== 'call' || one === undefined) continue;
      if (typeof one === 'string') await recordSkip(tx, owner, answer, one, scene.time.logical);
      else calls.push({ owner, claim: answer, message: one.message });
    }
  }
  return { calls, waitUntil };
}

function later(a: Date | undefined, b: Date): Date {
  return a === undefined || a < b ? b : a;
}

interface Composed {
  readonly message: Outgoing | OutgoingCustom;
  readonly kept: Omit<Kept, 'claim'> | undefined;
}

/** The message of one recipient, or why it cannot be rendered for them. */
function compose(
  scene: CallScene,
  owner: MessageOwner,
  answer: CallClaim,
  member: Member | undefined,
): Composed | string {
  const content = scene.contents.get(answer.recipient.channelType);
  if (member === undefined || content === undefined || content.is === 'unusable')
    throw new RepointError('Internal', 'A claimed member has no content');
  const { campaignId, runId } = scene.input;
  const origin = {
    campaignId,
    activityId: runId.replaceAll('-', ''),
    endpointId: member.id,
    treatmentId: defaultTreatment,
  };
  const composing = { scene, owner, answer, member, origin };
  return content.is === 'custom' ? composeCustom(composing, content) : composeText(composing, content);
}

interface Composing {
  readonly scene: CallScene;
  readonly owner: MessageOwner;
  readonly answer: CallClaim;
  readonly member: Member;
  readonly origin: MessageOrigin & { readonly endpointId: string };
}

type Content<Is extends ChannelContent['is']> = Extract<ChannelContent, { is: Is }>;

/** What a custom channel is told of one endpoint: not rendered and not kept. */
function composeCustom(
  { scene, owner, answer, member, origin }: Composing,
  custom: Content<'custom'>,
): Composed {
  const { deliveryUri, data, isConfirmed } = custom;
  const { messageId } = answer;
  const to = { deliveryUri, data, isConfirmed, scheduledTime: scene.run.scheduled_start.toISOString() };
  const endpoint = endpointDocument(member);
  return {
    message: { channel: 'CUSTOM', messageId, appId: owner.appId, origin, ...to, endpoint },
    kept: undefined,
  };
}

/**
 * The rendered text is kept only where it is asked for: a repeat comes seconds later, and the campaign's version and the
 * template's tell what was sent.
 */
function composeText(
  { scene: { time, config }, owner, answer, member, origin }: Composing,
  { template, settings, choices }: Content<'ready'>,
): Composed | string {
  const unsubscribe = unsubscribeLink(config, { ...owner, seq: answer.seq });
  const { defaults } = template;
  const variables = variablesOf(member, member.user_attributes, { defaults, unsubscribe });
  const { channelType } = answer.recipient;
  const rendered = renderMarketing(template, variables, { channelType, now: time.logical, unsubscribe });
  if (typeof rendered === 'string') return rendered;
  const kept = owner.keepsBody ? { rendered, template: owner.template } : undefined;
  return { message: outgoing(rendered, answer, origin, settings, choices), kept };
}

/** The version that the members of one channel get; undefined where the campaign's own text is sent. */
function templateOf({ contents }: CallScene, members: readonly Member[]): TemplateVersion | undefined {
  const content = members[0] && contents.get(members[0].channel_type);
  if (content?.is !== 'ready') return undefined;
  const { name, version } = content.template;
  return name === undefined || version === undefined ? undefined : { name, version };
}
