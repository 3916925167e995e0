import { PinpointClient } from '@aws-sdk/client-pinpoint';
import type { Command } from 'commander';
import { decodeJourney, withoutWrapper } from '../contract/journey/decodeJourney.ts';
import { inspectJourney, type JourneyInspection } from '../contract/journey/journey.ts';
import { badRequest, type Problem, RepointError } from '../domain/errors.ts';
import { endpointUrlOption } from './endpointUrl.ts';
import { addStatusCommands } from './journeyStatus.ts';
import { mermaidOf } from './mermaid.ts';
import { readTextFile } from './readTextFile.ts';
import { sendJourney } from './sendJourney.ts';
import { showJourney } from './showJourney.ts';

/** `repoint journeys publish | validate | show`: journeys as files; `trace | positions`: what goes on in them. */
export function addJourneyCommands(program: Command): void {
  const journeys = program
    .command('journeys')
    .description('publish, check and show journeys written as JSON, and tell what goes on in them');
  journeys
    .command('publish <file>')
    .description('create the journey of a file, ACTIVE, exactly as it is written')
    .requiredOption('--application-id <id>', 'the application (Pinpoint project) it belongs to')
    .option('--segment-id <id>', 'who enters, in place of the segment the file names')
    .addOption(endpointUrlOption())
    .action(publish);
  journeys
    .command('validate <file>')
    .description('tell every problem and warning with its path; exit code 1 when there is a problem')
    .action(validate);
  journeys
    .command('show <file>')
    .description('print a journey as a tree of its steps')
    .option('--mermaid', 'as a flowchart of Mermaid instead')
    .action(async (file: string, { mermaid }: { mermaid?: true }) => {
      const { document } = inspectText(await readTextFile(file));
      print(mermaid ? mermaidOf(document) : showJourney(document));
    });
  addStatusCommands(journeys);
}

interface PublishOptions {
  readonly applicationId: string;
  readonly endpointUrl: string;
  readonly segmentId?: string;
}

async function publish(file: string, options: PublishOptions): Promise<void> {
  const text = toPublish(await readTextFile(file), options.segmentId);
  // Any region is taken in a signature, so none has to be configured
  const client = new PinpointClient({ endpoint: options.endpointUrl, region: 'us-east-1' });
  try {
    const { journey, warnings, matching } = await sendJourney(client, options.applicationId, text);
    print(warnings.map((warning) => `warning  ${warning}`));
    print([`Published ${journey.Id} (${journey.Name}): ${matching} endpoints match its segment now.`]);
  } finally {
    client.destroy();
  }
}

/** The file's own JSON, made ACTIVE. Its text may be wrong in every other way: the API says how. */
function toPublish(text: string, segmentId: string | undefined): string {
  const journey = parseObject(withoutWrapper(text));
  const start = { StartCondition: { SegmentStartCondition: { SegmentId: segmentId } } };
  return JSON.stringify({ ...journey, ...(segmentId === undefined ? {} : start), State: 'ACTIVE' });
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw badRequest([{ path: 'file', message: `not valid JSON: ${(error as Error).message}` }]);
  }
  throw badRequest([{ path: 'file', message: 'not a JSON object' }]);
}

async function validate(file: string): Promise<void> {
  const { problems, warnings } = checkText(await readTextFile(file));
  print(listed('problem', problems));
  print(listed('warning', warnings));
  const refused = problems.length;
  print([refused === 0 ? 'It can be published.' : `It would be refused: ${refused} to mend.`]);
  if (refused > 0) process.exitCode = 1;
}

type Checked = Pick<JourneyInspection, 'problems' | 'warnings'>;

/** Also what keeps the text from being read as a journey at all, which leaves nothing else to check. */
function checkText(text: string): Checked {
  try {
    return inspectText(text);
  } catch (error) {
    if (!(error instanceof RepointError) || error.problems.length === 0) throw error;
    return { problems: error.problems, warnings: [] };
  }
}

/** Everything the API would say, as if the journey were to be published: that is what a file is for. */
function inspectText(text: string): JourneyInspection {
  const { payload, warnings } = decodeJourney(text);
  const inspection = inspectJourney({ ...(payload as object), State: 'ACTIVE' });
  const unknown = warnings.map((message) => ({ path: '', message }));
  return { ...inspection, warnings: [...unknown, ...inspection.warnings] };
}

function listed(word: string, problems: readonly Problem[]): string[] {
  return problems.map(
    ({ path, message }) => `${word.padEnd(9)}  ${path === '' ? '' : `${path}: `}${message}`,
  );
}

function print(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}
