import { PinpointClient } from '@aws-sdk/client-pinpoint';
import type { Command } from 'commander';
import type { ChannelSending } from '../sending/rates/sendingStatus.ts';
import { endpointUrlOption } from './endpointUrl.ts';
import type { AsJson } from './journeyTrace.ts';
import { ownApi } from './ownApi.ts';

/** `repoint sending`: how the channels may send now. */
export function addSendingCommand(program: Command): void {
  program
    .command('sending')
    .description('tell how fast each channel may send, which are paused and why, and how many messages wait')
    .addOption(endpointUrlOption())
    .action(async ({ endpointUrl }: { endpointUrl: string }) => {
      // Any region is taken in a signature, so none has to be configured
      const client = new PinpointClient({ endpoint: endpointUrl, region: 'us-east-1' });
      try {
        const api = ownApi(client, endpointUrl);
        const { Channels } = await api.own<{ Channels: AsJson<ChannelSending>[] }>(
          'GET',
          '/repoint/v1/sending',
        );
        for (const channel of Channels) for (const line of channelLines(channel)) console.log(line);
      } finally {
        client.destroy();
      }
    });
}

/** `EMAIL  13.3 of 14 a second, 812 of 50000 in 24 hours`, with what is wrong and who waits below it. */
export function channelLines(channel: AsJson<ChannelSending>): string[] {
  const { Channel, Limit, MessagesPerSecond, PausedFor, DailyQuota, SentLast24Hours } = channel;
  const pace = `${round(MessagesPerSecond)} of ${round(Limit)} a second`;
  const quota = DailyQuota === null ? '' : `, ${SentLast24Hours} of ${DailyQuota} in 24 hours`;
  const held = Object.entries(channel.Held).map(([reason, count]) => `${count} held: ${reason}`);
  return [
    `${Channel.padEnd(6)} ${PausedFor === null ? pace : `paused: ${PausedFor}`}${quota}`,
    ...(channel.IsSandbox === true ? ["the account is in SES's sandbox"] : []),
    ...(channel.LimitsFailure === null
      ? []
      : [`limits as of ${channel.LimitsReadAt}: ${channel.LimitsFailure}`]),
    ...held,
  ].map((line, index) => (index === 0 ? line : `       ${line}`));
}

function round(perSecond: number): string {
  return String(Math.round(perSecond * 100) / 100);
}
