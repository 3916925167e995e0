import type { Tx } from '../../db/database.ts';
import type { SendTarget } from '../../db/people/sendTargets.ts';
import { type MessageStep, type TemplatedStep, templateTypeOf } from '../../domain/journey/steps.ts';
import { present } from '../../domain/present.ts';
import { channelFault, channelSettings } from '../../sending/channelSettings.ts';
import { outgoing, type SendingChoices } from '../../sending/compose.ts';
import type { CallClaim, MessageOwner } from '../../sending/ledger.ts';
import type { Kept } from '../../sending/record.ts';
import { type LoadedTemplate, loadTemplate, renderMarketing, variablesOf } from '../../sending/render.ts';
import { type UnsubscribeSettings, unsubscribeLink } from '../../sending/unsubscribeLink.ts';
import type { Rendered } from '../../templates/rendered.ts';
import { composeCustom } from './composeCustom.ts';
import type { ComposeStep } from './composing.ts';
import type { Gate } from './gate.ts';
import { passageVariables } from './passageVariables.ts';

/** The step's template as it stands now; null where it is gone or never was. */
export async function composeStep(
  tx: Tx,
  gate: Gate,
  step: MessageStep,
  config: UnsubscribeSettings,
): Promise<ComposeStep | null> {
  if (step.kind === 'custom') return composeCustom(gate, step);
  const template = await loadTemplate(tx, templateTypeOf[step.kind], step.templateName, step.templateVersion);
  if (!template) return null;
  return async (transaction, owner, claim, endpoint, now) => {
    const settings = await channelSettings(transaction, owner.appId, claim.recipient.channelType);
    const choices = choicesOf(step);
    const fault = channelFault(settings, choices);
    if (fault !== null) return fault;
    const said = await renderOnce(transaction, {
      owner,
      claim,
      endpoint,
      template,
      step,
      now,
      gate,
      config,
    });
    if (typeof said === 'string') return said;
    const origin = {
      journeyId: gate.journey.id,
      activityId: owner.step,
      endpointId: endpoint.id,
      ...present({ journeyRunId: gate.entry.run_id ?? undefined }),
    };
    const message = outgoing(said.rendered, claim, origin, settings, choices);
    return claim.rendered === null ? { message, kept: said } : { message };
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
  readonly endpoint: SendTarget;
  readonly template: LoadedTemplate;
  readonly step: TemplatedStep;
  readonly now: Date;
  readonly gate: Gate;
  readonly config: UnsubscribeSettings;
}

type Said = Omit<Kept, 'claim'>;

/** What an earlier attempt rendered is sent again as it was. For a template that cannot be rendered for them: why. */
async function renderOnce(tx: Tx, rendering: Rendering): Promise<Said | string> {
  const { owner, claim, endpoint, template, step, now, gate, config } = rendering;
  if (claim.rendered) return { rendered: claim.rendered };
  const unsubscribe = unsubscribeLink(config, { ...owner, seq: claim.seq });
  const variables = variablesOf(endpoint, endpoint.user_attributes, {
    defaults: template.defaults,
    passage: await passageVariables(tx, gate.entry, template.content, endpoint.id),
    unsubscribe,
  });
  const { channelType } = claim.recipient;
  const rendered = renderMarketing(template, variables, { channelType, now, unsubscribe });
  return typeof rendered === 'string' ? rendered : { rendered: withTimeToLive(rendered, step), template };
}

/** The step's time to live wins over the template's. */
function withTimeToLive(rendered: Rendered, step: TemplatedStep): Rendered {
  const wins = rendered.channel === 'PUSH' && step.kind === 'push' && step.timeToLiveSeconds !== undefined;
  return wins ? { ...rendered, timeToLiveSeconds: step.timeToLiveSeconds } : rendered;
}
