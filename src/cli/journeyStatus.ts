import { type Command, Option } from 'commander';
import type { Position } from '../db/journeys/positions.ts';
import { badRequest } from '../domain/errors.ts';
import { endpointUrlOption } from './endpointUrl.ts';
import { type AsJson, readTrace, type TracedPerson } from './journeyTrace.ts';
import { positionLines } from './positionText.ts';
import { traceLines } from './traceText.ts';
import { withApi } from './withApi.ts';

interface StatusOptions {
  readonly applicationId: string;
  readonly endpointUrl: string;
}

interface TraceOptions extends StatusOptions {
  readonly user?: string;
  readonly endpoint?: string;
}

/** `repoint journeys trace | positions`: what goes on in a journey that was published. */
export function addStatusCommands(journeys: Command): void {
  const application = () =>
    new Option(
      '--application-id <id>',
      'the application (Pinpoint project) it belongs to',
    ).makeOptionMandatory();
  journeys
    .command('trace <journey>')
    .description("tell one person's way through a journey: every step with its time, decision and reason")
    .addOption(application())
    .addOption(new Option('--user <id>', 'the person by their user id').conflicts('endpoint'))
    .addOption(new Option('--endpoint <id>', 'the person by one of their endpoints'))
    .addOption(endpointUrlOption())
    .action((journeyId: string, options: TraceOptions) =>
      withApi(options, async (api) => {
        const trace = await readTrace(api, { appId: options.applicationId, journeyId }, personOf(options));
        return traceLines(trace);
      }),
    );
  journeys
    .command('positions <journey>')
    .description('tell how many are on their way to each step of a journey, and when they next wake')
    .addOption(application())
    .addOption(endpointUrlOption())
    .action((journeyId: string, options: StatusOptions) =>
      withApi(options, async (api) => {
        const target = `/repoint/v1/apps/${options.applicationId}/journeys/${journeyId}/positions`;
        const { Positions } = await api.own<{ Positions: AsJson<Position>[] }>('GET', target);
        return positionLines(Positions);
      }),
    );
}

function personOf({ user, endpoint }: TraceOptions): TracedPerson {
  if (user !== undefined) return { user };
  if (endpoint !== undefined) return { endpoint };
  throw badRequest([{ path: '--user', message: 'say whom: --user ID or --endpoint ID' }]);
}
