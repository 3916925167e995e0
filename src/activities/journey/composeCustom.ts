import type { OutgoingCustom } from '../../channels/custom/customChannel.ts';
import { isWebhookConfirmed } from '../../db/webhooks.ts';
import type { CustomStep } from '../../domain/journey/steps.ts';
import { endpointDocument } from '../endpointDocument.ts';
import type { ComposeStep } from './composing.ts';
import type { Gate } from './gate.ts';

/**
 * What a custom channel is told of one endpoint. It is not rendered and not kept: each attempt tells of the endpoint as
 * it is then.
 */
export function composeCustom(gate: Gate, step: CustomStep): ComposeStep {
  return async (tx, owner, claim, endpoint, now) => {
    const message: OutgoingCustom = {
      channel: 'CUSTOM',
      messageId: claim.messageId,
      appId: owner.appId,
      origin: {
        journeyId: gate.journey.id,
        activityId: owner.step,
        ...(gate.entry.run_id !== null && { journeyRunId: gate.entry.run_id }),
        endpointId: endpoint.id,
      },
      deliveryUri: step.deliveryUri,
      isConfirmed: await isWebhookConfirmed(tx, owner.appId, step.deliveryUri),
      data: step.data,
      scheduledTime: now.toISOString(),
      endpoint: endpointDocument(endpoint),
    };
    return { message };
  };
}
