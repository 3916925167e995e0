/** The version of the plan's form. A workflow that meets another fails its task, so that a worker that knows it can take over. */
export const PLAN_VERSION = 1;

/**
 * A journey's control flow, frozen when someone enters: no content, no addresses, about 100 bytes a step.
 * Durations are milliseconds, already divided by the time scale; instants are epoch milliseconds (UTC).
 * A missing `next`, `yes` or `no` ends the participant.
 */
export interface Plan {
  readonly v: number;
  readonly start: string;
  readonly steps: Readonly<Record<string, PlanStep>>;
}

export type PlanStep =
  | { readonly k: 'email'; readonly next?: string }
  | { readonly k: 'sms'; readonly next?: string }
  | { readonly k: 'push'; readonly next?: string }
  | { readonly k: 'wait'; readonly t: Wait; readonly next?: string }
  | { readonly k: 'split'; readonly t?: Wait; readonly yes?: string; readonly no?: string };

export type StepKind = PlanStep['k'];

/** A wait, relative (milliseconds) or until an instant (epoch milliseconds). */
export type Wait = { readonly for: number } | { readonly until: number };
