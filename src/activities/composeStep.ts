import type { Outgoing } from '../channels/channel.ts';
import type { OutgoingCustom } from '../channels/customChannel.ts';
import type { Tx } from '../db/database.ts';
import { type MessageStep, type TemplatedStep, templateTypes } from '../domain/journey/steps.ts';
import { present } from '../domain/present.ts';
import { channelFault, channelSettings } from '../sending/channelSettings.ts';
import {
  type LoadedTemplate,
  loadTemplate,
  outgoing,
  renderTemplate,
  type SendingChoices,
  templateFault,
  variablesOf,
} from '../sending/compose.ts';
import type { CallClaim, MessageOwner } from '../sending/ledger.ts';
import { keepRendered } from '../sending/record.ts';
import type { Rendered } from '../templates/rendered.ts';
import { composeCustom } from './composeCustom.ts';
import type { Gate } from './gate.ts';
import { passageVariables } from './passageVariables.ts';
import type { EndpointRow } from './recipients.ts';
import { userAttributes } from './userAttributes.ts';

/** Renders a step's message for one endpoint and keeps what was rendered; or answers why it cannot be sent. */
export type ComposeStep = (
  tx: Tx,
  owner: MessageOwner,
  claim: CallClaim,
  endpoint: EndpointRow,
  now: Date,
) => Promise<Outgoing | OutgoingCustom | string>;

/** The step's template as it stands now; null where it is gone or never was. */
export async function composeStep(tx: Tx, gate: Gate, step: MessageStep): Promise<ComposeStep | null> {
  if (step.kind === 'custom') return composeCustom(gate, step);
  const template = await loadTemplate(tx, templateTypes[step.kind], step.templateName, step.templateVersion);
  if (!template) return null;
  return async (transaction, owner, claim, endpoint, now) => {
    const settings = await channelSettings(transaction, owner.appId, claim.recipient.channelType);
    const choices = choicesOf(step);
    const fault = channelFault(settings, choices);
    if (fault !== null) return fault;
    const rendered = await renderOnce(transaction, { owner, claim, endpoint, template, step, now, gate });
    if (typeof rendered === 'string') return rendered;
    const origin = {
      journeyId: gate.journey.id,
      activityId: owner.step,
      endpointId: endpoint.id,
      ...present({ journeyRunId: gate.entry.run_id ?? undefined }),
    };
    return outgoing(rendered, claim, origin, settings, choices);
  };
}

function choicesOf(step: TemplatedStep): SendingChoices {
  if (step.kind === 'push') return {};
  const { kind, next, templateName, templateVersion, ...choices } = step;
  return choices;
}

interface Rendering {
  readonly owner: MessageOwner;
  readonly claim: CallClaim;
  readonly endpoint: EndpointRow;
  readonly template: LoadedTemplate;
  readonly step: TemplatedStep;
  readonly now: Date;
  readonly gate: Gate;
}

/** What an earlier attempt rendered is sent again as it was. For a template that cannot be rendered for them: why. */
async function renderOnce(tx: Tx, rendering: Rendering): Promise<Rendered | string> {
  const { owner, claim, endpoint, template, step, now, gate } = rendering;
  if (claim.rendered) return claim.rendered;
  const variables = variablesOf(endpoint, await userAttributes(tx, endpoint), {
    defaults: template.defaults,
    passage: await passageVariables(tx, gate.entry, template.content, endpoint.id),
  });
  try {
    const rendered = renderTemplate(template, variables, claim.recipient.channelType, now);
    const limited =
      rendered.channel === 'PUSH' && step.kind === 'push' ? withTimeToLive(rendered, step) : rendered;
    await keepRendered(tx, owner, claim, limited, template);
    return limited;
  } catch (error) {
    const fault = templateFault(error);
    if (fault === null) throw error;
    return fault;
  }
}

function withTimeToLive<R extends Rendered>(rendered: R, step: { timeToLiveSeconds?: number }): R {
  return step.timeToLiveSeconds === undefined
    ? rendered
    : { ...rendered, timeToLiveSeconds: step.timeToLiveSeconds };
}
