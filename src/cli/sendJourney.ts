import { CreateJourneyCommand, type JourneyResponse, type PinpointClient } from '@aws-sdk/client-pinpoint';

/** What the API answered about a journey that was sent to it. */
export interface SentJourney {
  readonly journey: JourneyResponse;
  /** As the answer's header has them, decoded. */
  readonly warnings: readonly string[];
  /** How many endpoints match its segment now, `42` or `42+`; undefined for a draft. */
  readonly matching: string | undefined;
}

/**
 * Creates a journey from JSON exactly as it is written: the SDK's own serializer drops members it does not know, and
 * the printed dialect has some. Signing, credentials, retries and errors stay the SDK's.
 * @throws the SDK's exception for what the API refuses
 */
export async function sendJourney(client: PinpointClient, appId: string, text: string): Promise<SentJourney> {
  const command = new CreateJourneyCommand({
    ApplicationId: appId,
    WriteJourneyRequest: { Name: 'replaced below' },
  });
  let headers: Readonly<Record<string, string>> = {};
  command.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.request as object, { body: text });
      return await next(args);
    },
    { step: 'build', priority: 'high' },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      headers = (result.response as { headers: Record<string, string> }).headers;
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const { JourneyResponse: journey } = await client.send(command);
  if (journey === undefined) throw new Error('The API answered without a journey');
  return {
    journey,
    warnings: decodeWarnings(headers['x-repoint-warnings']),
    matching: headers['x-repoint-matching'],
  };
}

function decodeWarnings(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(' | ').map(decodeURIComponent);
}
