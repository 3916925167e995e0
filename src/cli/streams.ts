import type { Command } from 'commander';
import { allStreams } from '../db/streams/eventStreams.ts';
import { type StreamStatus, streamStatus } from '../streams/streamStatus.ts';
import { withDeps } from './withDeps.ts';

/** `repoint streams`: how the event streams of all apps do; works on `DATABASE_URL`. */
export function addStreamsCommand(program: Command): void {
  program
    .command('streams')
    .description('tell how the event streams of all applications do, which fail and why')
    .action(() =>
      withDeps(async (deps) => {
        const streams = await allStreams(deps.db);
        if (streams.length === 0) console.log('No application has an event stream.');
        for (const stream of streams)
          for (const line of streamLines(stream.app_id, await streamStatus(deps, stream))) console.log(line);
      }),
    );
}

/** `APP  SENDING to arn:aws:…  lag 0 s, 0 waiting, 812 delivered`, with what went wrong below it. */
export function streamLines(appId: string, status: StreamStatus): string[] {
  const { Waiting, Delivered, LagSeconds, Skipped, Dropped, Failures } = status;
  const waiting = `${Waiting}${status.WaitingIsAtLeast ? ' or more' : ''} waiting`;
  const to = status.Url ?? status.DestinationStreamArn;
  const tries = Failures === 1 ? '1 turn' : `${Failures} turns`;
  return [
    `${appId}  ${status.State} to ${to}  lag ${LagSeconds} s, ${waiting}, ${Delivered} delivered`,
    ...(Failures > 0 ? [`  failed for ${tries}: ${status.LastError}; next try ${status.NextTryAt}`] : []),
    ...(Skipped > 0 ? [`  ${Skipped} skipped, the latest because: ${status.LastSkip}`] : []),
    ...(Dropped > 0 ? [`  ${Dropped} given up, the latest at ${status.LastDroppedAt}`] : []),
  ];
}
