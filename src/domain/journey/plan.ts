/** The version of the plan's form. A workflow that meets another fails its task, so that a worker that knows it can take over. */
export const PLAN_VERSION = 1;

/**
 * A journey's control flow, frozen when someone enters: no content, no addresses, about 100 bytes a step.
 * Durations are milliseconds, already divided by the time scale; instants are epoch milliseconds (UTC).
 * A missing target (in a list: null) ends the participant. Shares are percentages.
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
  | { readonly k: 'custom'; readonly next?: string }
  | { readonly k: 'wait'; readonly t: Wait; readonly next?: string }
  | { readonly k: 'split'; readonly t?: Wait; readonly yes?: string; readonly no?: string }
  | {
      readonly k: 'multi';
      readonly t?: Wait;
      readonly to: readonly (string | null)[];
      readonly else?: string;
    }
  | { readonly k: 'random'; readonly share: readonly number[]; readonly to: readonly (string | null)[] }
  | { readonly k: 'holdout'; readonly share: number; readonly next?: string }
  | { readonly k: 'contactCenter'; readonly next?: string };

export type StepKind = PlanStep['k'];

/** A wait, relative (milliseconds) or until an instant (epoch milliseconds). */
export type Wait = { readonly for: number } | { readonly until: number };

/** A way on from a step, as it is decided and recorded; `on` is the one of a step that is no split. */
export type Branch = 'on' | 'yes' | 'no' | 'else' | `branch ${number}`;

/** The ways on from a step, each with where it leads; undefined: the participant ends there. */
export function branchesOf(step: PlanStep): ReadonlyMap<Branch, string | undefined> {
  if (step.k === 'split')
    return new Map([
      ['yes', step.yes],
      ['no', step.no],
    ]);
  if (step.k === 'multi') return new Map([...numbered(step.to), ['else', step.else]]);
  if (step.k === 'random') return new Map(numbered(step.to));
  return new Map([['on', step.next]]);
}

/** The name of a branch by its place in the document, counted from 0: the first is `branch 1`. */
export function branchName(index: number): Branch {
  return `branch ${index + 1}`;
}

function numbered(targets: readonly (string | null)[]): [Branch, string | undefined][] {
  return targets.map((target, index) => [branchName(index), target ?? undefined]);
}
