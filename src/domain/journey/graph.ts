import type { Activity, ActivityKind } from './document.ts';
import { kindsOf } from './steps.ts';

export type Activities = Readonly<Record<string, Activity>>;

/** An arrow of the journey and the member that draws it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `Activities.Check.ConditionalSplit.TrueActivity` */
  readonly path: string;
}

type Target = readonly [member: string, to: string | undefined];

const targets = {
  EMAIL: (activity) => [['NextActivity', activity.EMAIL?.NextActivity]],
  SMS: (activity) => [['NextActivity', activity.SMS?.NextActivity]],
  PUSH: (activity) => [['NextActivity', activity.PUSH?.NextActivity]],
  Wait: (activity) => [['NextActivity', activity.Wait?.NextActivity]],
  Holdout: (activity) => [['NextActivity', activity.Holdout?.NextActivity]],
  CUSTOM: (activity) => [['NextActivity', activity.CUSTOM?.NextActivity]],
  ContactCenter: (activity) => [['NextActivity', activity.ContactCenter?.NextActivity]],
  ConditionalSplit: (activity) => [
    ['TrueActivity', activity.ConditionalSplit?.TrueActivity],
    ['FalseActivity', activity.ConditionalSplit?.FalseActivity],
  ],
  MultiCondition: (activity) => [
    ...branchTargets(activity.MultiCondition?.Branches),
    ['DefaultActivity', activity.MultiCondition?.DefaultActivity],
  ],
  RandomSplit: (activity) => branchTargets(activity.RandomSplit?.Branches),
} satisfies Record<ActivityKind, (activity: Activity) => readonly Target[]>;

function branchTargets(branches: readonly { readonly NextActivity?: string }[] = []): Target[] {
  return branches.map((branch, i) => [`Branches[${i}].NextActivity`, branch.NextActivity]);
}

/** Every arrow of the journey, those to steps that do not exist included. */
export function edgesOf(activities: Activities): Edge[] {
  return Object.entries(activities).flatMap(([from, activity]) =>
    kindsOf(activity).flatMap((kind) =>
      targets[kind](activity).flatMap(([member, to]) =>
        to === undefined || to === '' ? [] : [{ from, to, path: `Activities.${from}.${kind}.${member}` }],
      ),
    ),
  );
}

/** The steps that can be reached from one, itself left out unless a cycle leads back to it. */
export function reachableFrom(start: string, edges: readonly Edge[]): ReadonlySet<string> {
  const outgoing = Map.groupBy(edges, (edge) => edge.from);
  const reached = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const { to } of outgoing.get(id) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

/** The arrows that close a cycle: taken away, none is left. */
export function edgesThatCloseCycles(edges: readonly Edge[]): Edge[] {
  const kept: Edge[] = [];
  const closing: Edge[] = [];
  for (const edge of edges) {
    const closes = edge.to === edge.from || reachableFrom(edge.to, kept).has(edge.from);
    (closes ? closing : kept).push(edge);
  }
  return closing;
}

/** The steps nobody points to, placeholders left out: where a journey can begin. */
export function possibleStarts(activities: Activities, edges: readonly Edge[]): string[] {
  const pointedAt = new Set(edges.map((edge) => edge.to));
  return Object.entries(activities)
    .filter(([id, activity]) => !pointedAt.has(id) && kindsOf(activity).length > 0)
    .map(([id]) => id);
}
