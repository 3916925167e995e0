import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { contextNames } from '../../domain/messageTags.ts';
import { answerFault } from './faults.ts';
import type { Intake } from './intake.ts';
import { idsFrom, type MailboxMessage } from './message.ts';
import { type MailboxBindings, readBody } from './wire.ts';

/** What custom channels answer, by their DeliveryUri: the EventAttributes of every endpoint. In memory only. */
export type CustomAnswers = Map<string, Readonly<Record<string, string>>>;

const payload = z.looseObject({
  ApplicationId: z.string(),
  CampaignId: z.string().optional(),
  TreatmentId: z.string().optional(),
  JourneyId: z.string().optional(),
  JourneyRunId: z.string().optional(),
  ActivityId: z.string().optional(),
  Endpoints: z.record(z.string(), z.looseObject({ Address: z.string().optional() })),
});
const customCall = z.object({
  DeliveryUri: z.string(),
  MessageIds: z.record(z.string(), z.string()),
  Payload: payload,
});

type CustomCall = z.infer<typeof customCall>;

/** Stands in for every webhook and Lambda function of the custom channel. */
export function customWire(intake: Intake, answers: CustomAnswers): Hono<MailboxBindings> {
  const app = new Hono<MailboxBindings>();
  app.post('/custom', async (context) => {
    const read = await readBody(context, customCall);
    if ('refusal' in read) return read.refusal;
    const endpointIds = Object.keys(read.body.Payload.Endpoints);
    for (const endpointId of endpointIds) {
      const fault = await intake('CallCustomChannel', customMessage(read.body, endpointId));
      if (fault !== undefined && fault.kind !== 'result') return answerFault(context, fault);
    }
    const EventAttributes = answers.get(read.body.DeliveryUri);
    if (EventAttributes === undefined) return context.json({});
    return context.json(Object.fromEntries(endpointIds.map((id) => [id, { EventAttributes }])));
  });
  return app;
}

/** What the call says about one endpoint; the payload is shown whole. */
function customMessage({ DeliveryUri, MessageIds, Payload }: CustomCall, endpointId: string): MailboxMessage {
  const ids = {
    [contextNames.messageId]: MessageIds[endpointId],
    [contextNames.appId]: Payload.ApplicationId,
    [contextNames.campaignId]: Payload.CampaignId,
    [contextNames.treatmentId]: Payload.TreatmentId,
    [contextNames.journeyId]: Payload.JourneyId,
    [contextNames.journeyRunId]: Payload.JourneyRunId,
    [contextNames.activityId]: Payload.ActivityId,
    [contextNames.endpointId]: endpointId,
    delivery_uri: DeliveryUri,
  };
  const tags = Object.fromEntries(
    Object.entries(ids).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    id: `mailbox-${randomUUID()}`,
    channel: 'CUSTOM',
    to: Payload.Endpoints[endpointId]?.Address ?? endpointId,
    from: null,
    subject: null,
    text: null,
    html: null,
    title: DeliveryUri,
    payload: null,
    body: JSON.stringify(Payload, null, 2),
    tags,
    ...idsFrom(tags, contextNames),
    sentAt: new Date().toISOString(),
    status: 'accepted',
  };
}
