import type { Outgoing } from '../channels/channel.ts';
import type { Tx } from '../db/database.ts';
import { RepointError } from '../domain/errors.ts';
import type { MessageStep } from '../domain/journey/steps.ts';
import { channelFault, channelSettings } from '../sending/channelSettings.ts';
import {
  type LoadedTemplate,
  loadTemplate,
  outgoing,
  renderTemplate,
  type SendingChoices,
  variablesOf,
} from '../sending/compose.ts';
import type { CallClaim, MessageOwner } from '../sending/ledger.ts';
import { keepRendered } from '../sending/record.ts';
import type { Rendered } from '../templates/rendered.ts';
import type { Gate } from './gate.ts';
import type { EndpointRow, StepChannel } from './recipients.ts';

/** Renders a step's message for one endpoint and keeps what was rendered; or answers why it cannot be sent. */
export type ComposeStep = (
  tx: Tx,
  owner: MessageOwner,
  claim: CallClaim,
  endpoint: EndpointRow,
  now: Date,
) => Promise<Outgoing | string>;

/** The step's template as it stands now; null where it is gone or never was. */
export async function composeStep(
  tx: Tx,
  gate: Gate,
  channel: StepChannel,
  step: MessageStep,
): Promise<ComposeStep | null> {
  const template = await loadTemplate(tx, channel, step.templateName, step.templateVersion);
  if (!template) return null;
  return async (transaction, owner, claim, endpoint, now) => {
    const settings = await channelSettings(transaction, owner.appId, claim.recipient.channelType);
    const choices = choicesOf(step);
    const fault = channelFault(settings, choices);
    if (fault !== null) return fault;
    const rendered = await renderOnce(transaction, { owner, claim, endpoint, template, step, now });
    if (rendered === null) return 'TEMPLATE_FAILED';
    const origin = { journeyId: gate.journey.id, activityId: owner.step, endpointId: endpoint.id };
    return outgoing(rendered, claim, origin, settings, choices);
  };
}

function choicesOf(step: MessageStep): SendingChoices {
  if (step.kind === 'push') return {};
  const { kind, next, templateName, templateVersion, ...choices } = step;
  return choices;
}

interface Rendering {
  readonly owner: MessageOwner;
  readonly claim: CallClaim;
  readonly endpoint: EndpointRow;
  readonly template: LoadedTemplate;
  readonly step: MessageStep;
  readonly now: Date;
}

/** What an earlier attempt rendered is sent again as it was. Null for a template that cannot be rendered for them. */
async function renderOnce(tx: Tx, rendering: Rendering): Promise<Rendered | null> {
  const { owner, claim, endpoint, template, step, now } = rendering;
  if (claim.rendered) return claim.rendered;
  const variables = variablesOf(endpoint, await userAttributes(tx, endpoint), {
    defaults: template.defaults,
  });
  try {
    const rendered = renderTemplate(template, variables, claim.recipient.channelType, now);
    const limited =
      rendered.channel === 'PUSH' && step.kind === 'push' ? withTimeToLive(rendered, step) : rendered;
    await keepRendered(tx, owner, claim, limited, template);
    return limited;
  } catch (error) {
    if (error instanceof RepointError && error.code === 'BadRequest') return null;
    throw error;
  }
}

function withTimeToLive<R extends Rendered>(rendered: R, step: { timeToLiveSeconds?: number }): R {
  return step.timeToLiveSeconds === undefined
    ? rendered
    : { ...rendered, timeToLiveSeconds: step.timeToLiveSeconds };
}

async function userAttributes(tx: Tx, endpoint: EndpointRow): Promise<Record<string, string[]> | null> {
  if (endpoint.user_id === null) return endpoint.unclaimed_attributes;
  const user = await tx
    .selectFrom('app_user')
    .select('attributes')
    .where('app_id', '=', endpoint.app_id)
    .where('id', '=', endpoint.user_id)
    .executeTakeFirst();
  return user?.attributes ?? null;
}
