import type { ToldMessage } from '../api/routes/own/messages.ts';
import type { AsJson } from './journeyTrace.ts';

/** A page of messages as it comes over HTTP. */
export interface MessagePage {
  readonly Messages: readonly AsJson<ToldMessage>[];
  readonly NextToken?: string;
}

/** Two lines a message: what it is; its id, and what happens to it next. */
export function messageLines({ Messages, NextToken }: MessagePage): string[] {
  if (Messages.length === 0) return ['no messages'];
  const more = NextToken === undefined ? [] : [`There are more: --token ${NextToken}`];
  return [...Messages.flatMap(linesOf), ...more];
}

function linesOf(message: AsJson<ToldMessage>): string[] {
  const { Attempts, Reason, Next } = message;
  const attempts = Attempts === 1 ? '1 attempt' : `${Attempts} attempts`;
  const parts = [
    message.CreatedAt,
    message.State.padEnd(9),
    `${message.ChannelType} to ${message.EndpointId ?? message.Address}`,
    senderOf(message),
    attempts,
    ...(Reason === null ? [] : [Reason]),
  ];
  return [parts.join('  '), `  ${message.MessageId}${Next === null ? '' : `  ${Next}`}`];
}

function senderOf({ SentBy, Step, JourneyId, CampaignId }: AsJson<ToldMessage>): string {
  const senders = {
    journey: `${Step} of journey ${JourneyId}`,
    campaign: `campaign ${CampaignId}`,
    request: 'a request',
  };
  return senders[SentBy];
}

/** How many messages are in each state, a line a state. */
export function countLines(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([state, count]) => `${state.padEnd(9)}  ${String(count).padStart(9)}`);
}
