import type { Passed } from '../../domain/journey/pass.ts';
import type { Branch, Wait } from '../../domain/journey/plan.ts';

/** What every step tells Postgres: who, where, and what happened since the last commit. */
export interface StepInput {
  readonly appId: string;
  readonly entryId: string;
  readonly step: string;
  /** Instant of the last commit, epoch milliseconds: relative waits count from here. */
  readonly since: number;
  /** What was passed since then without an activity, in order: waits, lots drawn, steps passed over. */
  readonly waits: readonly Passed[];
  /** The workflow's own time, epoch milliseconds: a worker whose clock is behind must not find its timer early. */
  readonly now: number;
}

export interface MessageInput extends StepInput {
  /** True when the plan has nothing after this step: its transaction then ends the entry. */
  readonly last: boolean;
}

export interface SplitInput extends StepInput {
  /** The split's own evaluation time; absent: decided as soon as it is reached. */
  readonly evaluation?: Wait;
  /** The branches after which the plan has nothing. */
  readonly last: readonly Branch[];
}

/** Answers that any step may get. Instants are epoch milliseconds. */
export type Hold =
  /** Ask again at this instant. */
  | { readonly is: 'wait'; readonly until: number }
  /** The journey is paused; a wake comes when it resumes. */
  | { readonly is: 'parked' }
  /** The entry is over: cancelled, erased or ended elsewhere. */
  | { readonly is: 'ended' };

/** `at`: the instant from which what follows counts. Why a message was skipped stays in Postgres. */
export type MessageAnswer = { readonly is: 'sent' | 'skipped'; readonly at: number } | Hold;
export type SplitAnswer = { readonly is: 'branch'; readonly branch: Branch; readonly at: number } | Hold;

/** The activities of the journey workflow. */
export interface JourneyActivities {
  sendEmail(input: MessageInput): Promise<MessageAnswer>;
  sendSms(input: MessageInput): Promise<MessageAnswer>;
  sendPush(input: MessageInput): Promise<MessageAnswer>;
  callCustomChannel(input: MessageInput): Promise<MessageAnswer>;
  decide(input: SplitInput): Promise<SplitAnswer>;
  /** Ends an entry whose last steps were waits. */
  finish(input: StepInput): Promise<Hold>;
}
