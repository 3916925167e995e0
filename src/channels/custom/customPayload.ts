import { z } from 'zod';
import { defined } from '../../domain/defined.ts';
import { parsedJson } from '../../domain/parsedJson.ts';
import { storable } from '../../domain/storable.ts';
import type { CustomResult, OutgoingCustom } from './customChannel.ts';

/** What a custom channel gets, as Pinpoint documents it ("Create a custom channel"); of a journey its ids in the campaign's place. */
export function customPayload([first, ...others]: readonly [OutgoingCustom, ...OutgoingCustom[]]): object {
  const messages = [first, ...others];
  return {
    Message: {},
    Data: first.data,
    ApplicationId: first.appId,
    ...defined({
      CampaignId: first.origin.campaignId,
      TreatmentId: first.origin.treatmentId,
      JourneyId: first.origin.journeyId,
      JourneyRunId: first.origin.journeyRunId,
    }),
    ActivityId: first.origin.activityId,
    ScheduledTime: first.scheduledTime,
    Endpoints: Object.fromEntries(messages.map(({ origin, endpoint }) => [origin.endpointId, endpoint])),
  };
}

/** Pinpoint's limits on an answer. */
const MOST_ATTRIBUTES = 5;
const LONGEST = 128;

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const answerOfEndpoint = z.object({ EventAttributes: z.record(z.string(), z.unknown()).default({}) });
const answer = z.record(z.string(), z.unknown());

/** What of a channel's answer counts, and how many of its attributes do not. */
export interface ReadAnswer {
  readonly answers: CustomResult['answers'];
  readonly dropped: number;
}

/**
 * Reads an answer, `{"<endpoint id>": {"EventAttributes": {"name": "value"}}}`. The answer is optional, so what cannot be
 * read says nothing; of the attributes of an endpoint the first five count whose names and values have at most 128
 * characters.
 */
export function readAnswer(text: string | null, messages: readonly OutgoingCustom[]): ReadAnswer {
  const given = answer.safeParse(parsedJson(text ?? '')).data ?? {};
  const answers = new Map<string, Readonly<Record<string, string>>>();
  let dropped = 0;
  for (const { origin } of messages) {
    if (!Object.hasOwn(given, origin.endpointId)) continue;
    const said = answerOfEndpoint.safeParse(given[origin.endpointId]);
    if (!said.success) continue;
    const attributes = Object.entries(said.data.EventAttributes);
    const kept = attributes.flatMap(keepAttribute).slice(0, MOST_ATTRIBUTES);
    dropped += attributes.length - kept.length;
    answers.set(origin.endpointId, Object.fromEntries(kept));
  }
  return { answers, dropped };
}

function keepAttribute([name, given]: [string, unknown]): [string, string][] {
  const { data: text } = value.safeParse(given);
  if (text === undefined || name === '' || name.length > LONGEST || text.length > LONGEST) return [];
  return [[storable(name), storable(text)]];
}
