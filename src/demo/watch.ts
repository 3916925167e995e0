import type { MailboxMessage } from '../channels/mailbox/message.ts';
import { type JourneyTrace, readTrace } from '../cli/journeyTrace.ts';
import { opener, silent } from './people.ts';
import { lookFor, type Stage } from './stage.ts';

/** What was made, by its ids. */
export interface Made {
  readonly appId: string;
  readonly campaignId: string;
  readonly journeyId: string;
}

export type Traces = ReadonlyMap<string, JourneyTrace>;

/**
 * Prints each message as it comes, opens the welcome e-mail for the one who opens it, and ends when both have been
 * through the journey and everything sent outside it has come, or when patience does.
 */
export async function watchWhatHappens(stage: Stage, { appId, journeyId }: Made): Promise<void> {
  stage.say('\nWhat each gets (a day of the journey takes two seconds)');
  const started = Date.now();
  const seen = new Set<string>();
  let hasOpened = false;
  await lookFor(stage, async () => {
    const messages = await stage.mailbox.messages(appId);
    for (const message of messages.filter(({ id }) => !seen.has(id))) {
      seen.add(message.id);
      stage.say(`  ${secondsOf(Date.parse(message.sentAt) - started)}  ${describe(message)}`);
    }
    const welcome = messages.find(isWelcomeOfOpener);
    if (welcome && !hasOpened) {
      hasOpened = true;
      await stage.mailbox.play(welcome.id, 'open');
      stage.say(`  ${secondsOf(Date.now() - started)}  ${opener.name} opens the welcome e-mail`);
    }
    const ended = await Promise.all(
      [opener, silent].map((one) => hasEnded(stage, appId, journeyId, one.userId)),
    );
    const isAllThere =
      messages.some(({ campaignId }) => campaignId !== null) && messages.some(isTransactional);
    return ended.every(Boolean) && isAllThere ? true : undefined;
  });
}

function isWelcomeOfOpener(message: MailboxMessage): boolean {
  return message.activityId === 'WelcomeEmail' && message.endpointId === `${opener.userId}-email`;
}

/** Sent by neither a campaign nor a journey. */
export function isTransactional({ campaignId, journeyId }: MailboxMessage): boolean {
  return campaignId === null && journeyId === null;
}

async function hasEnded(stage: Stage, appId: string, journeyId: string, userId: string): Promise<boolean> {
  const { Entries } = await readTrace(stage.api, { appId, journeyId }, { user: userId });
  return Entries.length > 0 && Entries.every((entry) => entry.EndedAt !== null);
}

function secondsOf(elapsedMs: number): string {
  return `${Math.max(0, elapsedMs / 1000)
    .toFixed(1)
    .padStart(5)} s`;
}

const channelWords = { EMAIL: 'e-mail', SMS: 'SMS', VOICE: 'call', PUSH: 'push', CUSTOM: 'custom' } as const;

function describe(message: MailboxMessage): string {
  const { channel, to, subject, title, text } = message;
  return `${channelWords[channel].padEnd(6)}  ${to.padEnd(22)}  "${subject ?? title ?? text}"  ${originOf(message)}`;
}

function originOf(message: MailboxMessage): string {
  if (message.journeyId !== null) return `journey, step ${message.activityId}`;
  return message.campaignId === null ? 'SendMessages' : 'campaign';
}
