import { type Command, Option } from 'commander';
import type { MessageState } from '../db/tables/messages.ts';
import { parseDuration } from '../domain/duration.ts';
import { endpointUrlOption } from './endpointUrl.ts';
import { countLines, type MessagePage, messageLines } from './messageText.ts';
import type { OwnApi } from './ownApi.ts';
import { withApi } from './withApi.ts';

interface MessagesOptions {
  readonly applicationId: string;
  readonly endpointUrl: string;
  readonly limit: string;
  readonly state?: string;
  readonly journey?: string;
  readonly campaign?: string;
  readonly endpoint?: string;
  readonly since?: string;
  readonly token?: string;
  readonly counts?: true;
  readonly json?: true;
}

type ShowOptions = Pick<MessagesOptions, 'applicationId' | 'endpointUrl'>;

/** `repoint messages [show]`: what became of messages, and what will happen next. */
export function addMessagesCommand(program: Command): void {
  const messages = program
    .command('messages')
    .description('tell what became of messages, why, and what happens next, newest first')
    .requiredOption('--application-id <id>', 'the application (Pinpoint project) they were sent for')
    .option('--state <state>', 'only those: queued, claimed, sent, delivered, failed, skipped or unknown')
    .option('--journey <id>', 'only those of a journey')
    .option('--campaign <id>', 'only those of a campaign')
    .option('--endpoint <id>', 'only those to an endpoint')
    .option('--since <when>', 'only those made since then: 2026-03-01T09:00:00Z, or 24h ago')
    .option('--counts', 'how many are in each state, in place of each of them')
    .option('--limit <count>', 'at most so many, up to 500', '20')
    .addOption(new Option('--token <token>', 'where the page before ended').conflicts('counts'))
    .option('--json', 'as the API answers it')
    .addOption(endpointUrlOption())
    .action((options: MessagesOptions) => withApi(options, (api) => tell(api, options)));
  messages
    .command('show <message>')
    .description(
      'tell all that is known of one message by its id: its calls, and what it says while that is kept',
    )
    .action((id: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<ShowOptions>();
      return withApi(options, async (api) => {
        const target = `/repoint/v1/apps/${options.applicationId}/messages/${id}`;
        return [JSON.stringify(await api.own('GET', target), null, 2)];
      });
    });
}

async function tell(api: OwnApi, options: MessagesOptions): Promise<readonly string[]> {
  const { applicationId, counts, json } = options;
  const what = counts ? 'message-counts' : 'messages';
  const answer = await api.own<object>(
    'GET',
    `/repoint/v1/apps/${applicationId}/${what}?${queryOf(options)}`,
  );
  if (json) return [JSON.stringify(answer, null, 2)];
  return counts
    ? countLines((answer as { Counts: Record<MessageState, number> }).Counts)
    : messageLines(answer as MessagePage);
}

function queryOf({ counts, limit, since, token, ...options }: MessagesOptions): URLSearchParams {
  const { state, journey, campaign, endpoint } = options;
  const page = counts ? {} : { 'page-size': limit, token };
  const given = { state, journey, campaign, endpoint, since: since && instantOf(since), ...page };
  return new URLSearchParams(Object.entries(given).filter((one): one is [string, string] => !!one[1]));
}

/** `24h` as the instant that long ago; what is no duration is left to the API to read. */
function instantOf(since: string): string {
  const duration = parseDuration(since);
  return 'milliseconds' in duration ? new Date(Date.now() - duration.milliseconds).toISOString() : since;
}
