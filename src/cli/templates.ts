import { type Command, Option } from 'commander';
import type { Preview } from '../api/routes/templates/templatePreview.ts';
import { endpointUrlOption } from './endpointUrl.ts';
import { previewLines } from './previewText.ts';
import { withApi } from './withApi.ts';

interface PreviewOptions {
  readonly endpointUrl: string;
  readonly type: string;
  readonly endpoint?: string;
  readonly applicationId?: string;
  readonly version?: string;
  readonly json?: true;
}

/** `repoint templates preview`: what somebody would get, without sending it. */
export function addTemplateCommands(program: Command): void {
  program
    .command('templates')
    .description('look at templates before they are sent')
    .command('preview <name>')
    .description(
      'print a template as an endpoint would get it, and what is suspicious; exit code 1 if it fails',
    )
    .addOption(
      new Option('--type <type>', 'its type').choices(['email', 'sms', 'push', 'voice']).default('email'),
    )
    .option('--endpoint <id>', 'whose values it shows; without one, only defaults')
    .option('--application-id <id>', 'the application (Pinpoint project) of the endpoint')
    .option('--version <version>', 'which version; without one, the active one')
    .option('--json', 'as the API answers it')
    .addOption(endpointUrlOption())
    .action(preview);
}

async function preview(name: string, options: PreviewOptions): Promise<void> {
  const { type, endpoint, applicationId, version, json } = options;
  const given = { endpoint, 'application-id': applicationId, version };
  const query = new URLSearchParams(
    Object.entries(given).filter((one): one is [string, string] => one[1] !== undefined),
  );
  const target = `/repoint/v1/templates/${encodeURIComponent(name)}/${type}/preview?${query}`;
  await withApi(options, async (api) => {
    const answer = await api.own<Preview>('GET', target);
    if (answer.Messages.some(({ Failure }) => Failure !== null)) process.exitCode = 1;
    return json ? [JSON.stringify(answer, null, 2)] : previewLines(answer);
  });
}
