import { writeDuration } from '../domain/duration.ts';
import type { JourneyTrace, TracedEntry } from './journeyTrace.ts';

type Step = TracedEntry['Steps'][number];
type Watch = TracedEntry['WaitsFor'][number];

/** A person's way through a journey and why, a line a step. */
export function traceLines(trace: JourneyTrace): string[] {
  const { Participant, Entries } = trace;
  const [kind, id] = [Participant.slice(0, 1), Participant.slice(2)];
  return [
    `${kind === 'u' ? 'user' : 'endpoint'} ${id}`,
    ...membershipLines(trace),
    ...Entries.flatMap((entry) => entryLines(entry)),
  ];
}

function membershipLines({ Membership: member, Entries }: JourneyTrace): string[] {
  if (member === null) return Entries.length === 0 ? ['  has never matched the segment of this journey'] : [];
  const since = `since ${member.Since}`;
  if (!member.Matching) return [`  does not match its segment any more, ${since}`];
  const times = member.Matches === 1 ? '' : `, for the ${member.Matches}th time`;
  const refused = member.Refused === null ? '' : `, but did not enter: ${member.Refused}`;
  return [`  matches its segment ${since}${times}${refused}`];
}

function entryLines(entry: TracedEntry): string[] {
  const width = Math.max(...entry.Steps.map(({ Step: step }) => step.length), 0);
  return [
    `  entered ${entry.EnteredAt} (${entry.Cause}) as endpoint ${entry.EndpointId}`,
    ...entry.Steps.map((step) => `    ${stepLine(step, entry.EnteredAt, width)}`),
    ...(entry.ResetAt === null ? [] : [`    its workflow was reset by an operator ${entry.ResetAt}`]),
    ...(entry.EndedAt === null ? stillInside(entry) : [`    ended ${entry.EndedAt}: ${entry.EndReason}`]),
    `    workflow ${entry.WebUi ?? entry.WorkflowId}`,
  ];
}

/** `+P4D  CheckEngagement  no: no event _email.open of WelcomeEmail` */
export function stepLine(step: Step, from: string, width: number): string {
  const after = `+${writeDuration(wholeSeconds(Date.parse(step.At) - Date.parse(from)))}`;
  return `${after.padEnd(12)} ${step.Step.padEnd(width)}  ${outcomeOf(step)}`;
}

/** `sent to ann-email (delivered)`, `no: no event _email.open of WelcomeEmail`. */
export function outcomeOf({ Decision, Reason, Messages }: Step): string {
  const to = Messages.map((message) => {
    const why = message.Reason === null ? '' : `, ${message.Reason}`;
    return ` to ${message.EndpointId} (${message.State}${why})`;
  });
  return `${Decision ?? ''}${to.join('')}${Reason === null ? '' : `: ${Reason}`}`;
}

function stillInside(entry: TracedEntry): string[] {
  const next = entry.Next === null ? 'the end' : entry.Next;
  const wakes = entry.WakesAt === null ? '' : `, wakes ${entry.WakesAt}`;
  const held = entry.IsParked ? ', held by a pause' : '';
  return [
    `    is on the way to ${next}${held || wakes}`,
    ...entry.WaitsFor.map((watch) => `    ${watchLine(watch)}`),
    ...entry.Held.map(
      (held) => `    ${held.Step} to ${held.EndpointId} is held for ${held.For} until ${held.Until}`,
    ),
  ];
}

function watchLine(watch: Watch): string {
  const types = watch.EventTypes.length === 0 ? 'an event' : watch.EventTypes.join(' or ');
  const of = watch.OfMessage === null ? '' : ` of ${watch.OfMessage}`;
  const opens = watch.OpensAt === null ? '' : `, which opens ${watch.OpensAt}`;
  const heard = watch.MatchedAt === null ? '' : `; it came ${watch.MatchedAt}`;
  return `waits for ${types}${of} (${watch.Step}${opens})${heard}`;
}

function wholeSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000) * 1000;
}
