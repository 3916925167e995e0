import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CreateJourneyCommand,
  type JourneyResponse,
  type PinpointClient,
  PinpointServiceException,
} from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { readJson } from '../contract/json.ts';
import { type Problem, RepointError } from '../domain/errors.ts';

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
 * the printed dialect has some. Signing, credentials and retries stay the SDK's.
 * @throws RepointError BadRequest for what the API refuses, with a line for each problem that it found
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
  let refused: readonly Problem[] = [];
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as Response;
      headers = response.headers;
      if (response.statusCode >= 400) refused = await problemsIn(response);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const { JourneyResponse: journey } = await client.send(command).catch((error) => {
    throw error instanceof PinpointServiceException ? refusal(error, refused) : error;
  });
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

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

const refusedBody = z.object({ Problems: z.array(z.object({ Path: z.string(), Message: z.string() })) });

/** What a refusal says of each problem, which the SDK's exceptions have no member for. The body is put back for the SDK. */
async function problemsIn(response: Response): Promise<Problem[]> {
  const body = await buffer(response.body as AsyncIterable<Uint8Array>);
  response.body = Readable.from([body]);
  const said = refusedBody.safeParse(readJson(body.toString('utf8'))).data;
  return (said?.Problems ?? []).map(({ Path: path, Message: message }) => ({ path, message }));
}

function refusal(error: PinpointServiceException, problems: readonly Problem[]): RepointError {
  const status = error.$metadata.httpStatusCode ?? '';
  const lines =
    problems.length === 0 ? [error.message] : problems.map(({ path, message }) => `${path}: ${message}`);
  const text = lines.map((line) => `\n  ${line}`).join('');
  return new RepointError('BadRequest', `the API refused it (${status} ${error.name}):${text}`, { problems });
}
