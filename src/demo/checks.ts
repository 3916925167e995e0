import type { ImportJobResponse } from '@aws-sdk/client-pinpoint';
import type { MailboxMessage } from '../channels/mailbox/message.ts';
import { opener, optedOut, type Person, peopleImported, silent, silentPhone } from './people.ts';
import { isTransactional, type Traces } from './watch.ts';

/** What became of everything, as public HTTP tells it. */
export interface Outcome {
  readonly importJob: ImportJobResponse;
  readonly messages: readonly MailboxMessage[];
  /** By user id. */
  readonly traces: Traces;
}

interface Expectation {
  readonly what: string;
  readonly holds: (outcome: Outcome) => boolean;
}

const expectations: readonly Expectation[] = [
  {
    what: 'the import registered four endpoints',
    holds: ({ importJob }) =>
      importJob.JobStatus === 'COMPLETED' &&
      importJob.TotalProcessed === peopleImported &&
      importJob.TotalFailures === 0,
  },
  {
    what: 'the campaign wrote to user123 and Ada, once each, and to nobody else',
    holds: ({ messages }) =>
      sameTexts(
        messages.filter(({ campaignId }) => campaignId !== null).map(({ endpointId }) => endpointId),
        [`${opener.userId}-email`, `${silent.userId}-email`],
      ),
  },
  {
    what: 'the password reset reached its address once',
    holds: ({ messages }) =>
      sameTexts(
        messages.filter(isTransactional).map(({ to }) => to),
        ['user@example.com'],
      ),
  },
  {
    what: 'user123 opened the welcome e-mail: the follow-up and no push',
    holds: (outcome) =>
      sameTexts(journeyOf(outcome, opener), ['EMAIL WelcomeEmail', 'EMAIL EngagedFollowUp']),
  },
  {
    what: 'Ada did not: a push to her iPhone and no follow-up',
    holds: (outcome) =>
      sameTexts(journeyOf(outcome, silent), ['EMAIL WelcomeEmail', 'PUSH ReengagePush']) &&
      outcome.messages.some(
        ({ activityId, endpointId }) => activityId === 'ReengagePush' && endpointId === silentPhone,
      ),
  },
  {
    what: 'both journeys ended as COMPLETED',
    holds: ({ traces }) =>
      [opener, silent].every((person) => traces.get(person.userId)?.Entries[0]?.EndReason === 'COMPLETED'),
  },
  {
    what: 'Cleo is opted out: nothing at all, and the trace says why',
    holds: ({ messages, traces }) =>
      !messages.some((message) => isOf(message, optedOut)) &&
      traces.get(optedOut.userId)?.Membership?.Refused === 'ENDPOINT_OPT_OUT',
  },
];

/** What should have happened, each with whether it did. */
export function check(outcome: Outcome): { readonly what: string; readonly holds: boolean }[] {
  return expectations.map(({ what, holds }) => ({ what, holds: holds(outcome) }));
}

function journeyOf({ messages }: Outcome, person: Person): string[] {
  return messages
    .filter((message) => message.journeyId !== null && isOf(message, person))
    .map(({ channel, activityId }) => `${channel} ${activityId}`);
}

function isOf({ endpointId }: MailboxMessage, { userId }: Person): boolean {
  return endpointId?.startsWith(`${userId}-`) ?? false;
}

function sameTexts(given: readonly (string | null)[], expected: readonly string[]): boolean {
  return [...given].sort().join('\n') === [...expected].sort().join('\n');
}
