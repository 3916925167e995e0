import type { Queryable } from '../../db/database.ts';
import type { Entry } from '../../db/journeys/entries.ts';
import { customAnswers, startingEvent } from '../../db/journeys/passageEvents.ts';
import type { TemplateContent } from '../../templates/content.ts';
import { mentions } from '../../templates/mentions.ts';
import type { Given } from '../../templates/variables.ts';

/**
 * What a journey's templates may show beside the endpoint: `Event`, which started the journey, and `Answers`, what custom
 * channels said, by step. Read as the message is rendered, and only where the template asks for it.
 */
export async function passageVariables(
  db: Queryable,
  entry: Entry,
  content: TemplateContent,
  endpointId: string,
): Promise<Given> {
  return {
    ...(mentions(content, 'Event') && { Event: await eventVariables(db, entry) }),
    ...(mentions(content, 'Answers') && { Answers: await answerVariables(db, entry, endpointId) }),
  };
}

async function eventVariables(db: Queryable, entry: Entry): Promise<Given> {
  const event = await startingEvent(db, entry);
  if (event === undefined) return {};
  return {
    Type: event.type,
    Timestamp: event.occurred_at.toISOString(),
    Attributes: event.attributes,
    Metrics: event.metrics,
  };
}

/** Of several endpoints that a step was answered about, this one's answer counts; else the latest. */
async function answerVariables(db: Queryable, entry: Entry, endpointId: string): Promise<Given> {
  const answers = (await customAnswers(db, entry)).map(({ endpoint_id, attributes }) => {
    const { journey_id, journey_activity_id = '', ...said } = attributes;
    return { step: journey_activity_id, said, isOwn: endpoint_id === endpointId };
  });
  const byStep = new Map<string, Record<string, string>>();
  for (const own of [false, true]) {
    for (const { step, said, isOwn } of answers) if (isOwn === own) byStep.set(step, said);
  }
  return Object.fromEntries(byStep);
}
