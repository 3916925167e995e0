import { setTimeout as pause } from 'node:timers/promises';
import { CreateCampaignCommand } from '@aws-sdk/client-pinpoint';
import { startEnvironment } from '../src/testing/environment.ts';
import { type KillableStack, startKillableStack } from '../test/support/killableStack.ts';
import { addMembers } from '../test/support/members.ts';
import {
  createTemplates,
  type Onboarding,
  publishOnboarding,
  setUpOnboarding,
} from '../test/support/onboarding.ts';
import { table, writeCosts } from './costsDocument.ts';
import { machineLine } from './machine.ts';
import { type Joint, jointRate } from './rate/arrivals.ts';

/** E-mails a second that SES, which the mailbox plays, allows: what an account has that left the sandbox. */
const LIMIT = 14;
/** What a campaign sends to, and how many pass a journey. */
const PEOPLE = 250;
const [ABOVE, LEAST] = [1.05, 0.9];

/**
 * Two workers send a campaign and a journey's e-mail to more people than the account may be sent to in half a minute. What
 * arrives is measured at the far end, which refuses what is over the limit.
 */
export async function run(): Promise<void> {
  const environment = await startEnvironment(process.env.DATABASE_URL);
  const stack = await startKillableStack(environment);
  try {
    await stack.mailbox.setAccount({ MaxSendRate: LIMIT });
    const onboarding = await setUpOnboarding(stack);
    await createTemplates(stack);
    await addMembers(stack.database.db, onboarding.appId, PEOPLE);
    await stack.startWorker();
    await stack.startWorker();
    await sendBoth(stack, onboarding);
    const instants = await arrivals(stack, 2 * PEOPLE);
    const { OverRate } = (await (await fetch(`${stack.mailbox.url}/account`)).json()) as { OverRate: number };
    report(jointRate(instants), OverRate);
  } finally {
    await stack.close();
    await environment.stop();
  }
}

async function sendBoth(stack: KillableStack, onboarding: Onboarding): Promise<void> {
  const campaign = new CreateCampaignCommand({
    ApplicationId: onboarding.appId,
    WriteCampaignRequest: {
      Name: 'Tips',
      SegmentId: onboarding.segmentId,
      MessageConfiguration: { EmailMessage: { Title: 'Tips', HtmlBody: '<p>Tips</p>' } },
      Schedule: { StartTime: 'IMMEDIATE' },
    },
  });
  await Promise.all([publishOnboarding(stack, onboarding), stack.client.send(campaign)]);
}

/** When (milliseconds) each arrived, as soon as so many have. */
async function arrivals({ mailbox }: KillableStack, count: number): Promise<number[]> {
  for (let tries = 0; tries < 120; tries += 1) {
    const messages = await mailbox.messages();
    if (messages.length >= count) return messages.map(({ sentAt }) => Date.parse(sentAt));
    await pause(1000);
  }
  throw new Error(`${count} e-mails have not arrived within two minutes`);
}

function report({ count, perSecond, peak, peakOfTen, everyFive }: Joint, refused: number): void {
  const share = (rate: number) => `${((rate / LIMIT) * 100).toFixed(1)} % of the limit`;
  const rows = [
    ['a second', perSecond.toFixed(1), share(perSecond)],
    ['most in any ten seconds', peakOfTen, share(peakOfTen / 10)],
    ['most in any second', peak, share(peak)],
    ['refused by the far end', refused, ''],
  ];
  const head = [`${count} e-mails at ${LIMIT} a second`, 'e-mails', 'share'];
  const seconds = `In each five seconds: ${everyFive.join(', ')}.`;
  writeCosts('rate', `${table(head, rows)}\n\n${seconds}\n\n${machineLine()}`);
  const isKept = peakOfTen <= LIMIT * 10 * ABOVE && perSecond >= LIMIT * LEAST && count === 2 * PEOPLE;
  if (!isKept)
    console.error(`wanted ${LEAST * 100} to ${ABOVE * 100} % of the limit, and ${2 * PEOPLE} e-mails`);
  process.exitCode = isKept ? 0 : 1;
}
