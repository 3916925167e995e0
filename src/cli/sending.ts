import type { Command } from 'commander';
import type { ChannelSending } from '../sending/rates/sendingStatus.ts';
import { endpointUrlOption } from './endpointUrl.ts';
import type { AsJson } from './journeyTrace.ts';
import { withApi } from './withApi.ts';

/** `repoint sending`: how the channels may send now. */
export function addSendingCommand(program: Command): void {
  program
    .command('sending')
    .description('tell how fast each channel may send, which are paused and why, and how many messages wait')
    .addOption(endpointUrlOption())
    .action((options: { endpointUrl: string }) =>
      withApi(options, async (api) => {
        const target = '/repoint/v1/sending';
        const { Channels } = await api.own<{ Channels: AsJson<ChannelSending>[] }>('GET', target);
        return Channels.flatMap(channelLines);
      }),
    );
}

/** `EMAIL  13.3 of 14 a second, 812 of 50000 in 24 hours`, with what is wrong and who waits below it. */
export function channelLines(channel: AsJson<ChannelSending>): string[] {
  const { Channel, Limit, MessagesPerSecond, PausedFor, DailyQuota, SentLast24Hours } = channel;
  const pace = `${round(MessagesPerSecond)} of ${round(Limit)} a second`;
  const quota = DailyQuota === null ? '' : `, ${SentLast24Hours} of ${DailyQuota} in 24 hours`;
  const held = Object.entries(channel.Held).map(([reason, count]) => `${count} held: ${reason}`);
  return [
    `${Channel.padEnd(6)} ${PausedFor === null ? pace : `paused: ${PausedFor}`}${quota}`,
    ...reasonLines(channel),
    ...held,
  ].map((line, index) => (index === 0 ? line : `       ${line}`));
}

/** What is used of a limit where nothing slows it down is more than this. */
const UNSLOWED_SHARE = 0.9;

function reasonLines(channel: AsJson<ChannelSending>): string[] {
  const { Limit, MessagesPerSecond, PausedFor, LimitsReadAt, LimitsFailure } = channel;
  const left = (channel.DailyQuota ?? 0) - (channel.SentLast24Hours ?? 0);
  const isTold = channel.Channel !== 'EMAIL' || LimitsReadAt !== null;
  const failure = LimitsFailure === null ? '' : `: ${LimitsFailure}`;
  return [
    PausedFor === 'DAILY_QUOTA' && left > 0 && `the last ${left} are for transactional messages`,
    PausedFor === null && MessagesPerSecond < Limit * UNSLOWED_SHARE && 'slowed down: its provider throttles',
    channel.IsSandbox === true && "the account is in SES's sandbox",
    !isTold && `the limit is assumed: SES has not told it yet${failure}`,
    isTold && failure !== '' && `limits as of ${LimitsReadAt}${failure}`,
  ].filter((line) => line !== false);
}

function round(perSecond: number): string {
  return String(Math.round(perSecond * 100) / 100);
}
