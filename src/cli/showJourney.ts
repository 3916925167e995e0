import type { Activity, ActivityKind, JourneyDocument, WaitTime } from '../domain/journey/document.ts';
import { type Activities, type Edge, edgesOf, reachableFrom } from '../domain/journey/graph.ts';
import { kindsOf } from '../domain/journey/steps.ts';

/**
 * A journey as lines of text: its steps in order, a branch of the tree for each branch of a split. A step where
 * branches meet again is written once.
 */
export function showJourney(document: JourneyDocument): string[] {
  const activities = document.Activities ?? {};
  const edges = edgesOf(activities);
  const tree: Tree = {
    activities,
    outgoing: Map.groupBy(edges, (edge) => edge.from),
    shown: new Set(),
    lines: [],
  };
  const start = document.StartActivity;
  if (start !== undefined) showFrom(tree, start, '  ');
  const reached = reachableFrom(start ?? '', edges);
  const islands = Object.keys(activities).filter((id) => id !== start && !reached.has(id));
  return [
    document.Name,
    whoEnters(document),
    ...tree.lines,
    ...islands.map((id) => `  (nobody reaches) ${nameOf(id, activities[id])}`),
  ];
}

interface Tree {
  readonly activities: Activities;
  readonly outgoing: ReadonlyMap<string, readonly Edge[]>;
  readonly shown: Set<string>;
  readonly lines: string[];
}

function showFrom(tree: Tree, id: string, indent: string): void {
  const activity = Object.hasOwn(tree.activities, id) ? tree.activities[id] : undefined;
  if (activity === undefined || tree.shown.has(id)) {
    tree.lines.push(`${indent}${activity ? `-> ${id}, as above` : `no step "${id}": participants end here`}`);
    return;
  }
  tree.shown.add(id);
  tree.lines.push(`${indent}${nameOf(id, activity)}`);
  const edges = tree.outgoing.get(id) ?? [];
  showBranches(
    tree,
    edges.filter((edge) => branchLabel(edge) !== undefined),
    indent,
  );
  for (const edge of edges) if (branchLabel(edge) === undefined) showFrom(tree, edge.to, indent);
}

function showBranches(tree: Tree, edges: readonly Edge[], indent: string): void {
  edges.forEach((edge, i) => {
    const isLast = i === edges.length - 1;
    tree.lines.push(`${indent}${isLast ? '└─' : '├─'} ${branchLabel(edge) ?? ''}`);
    showFrom(tree, edge.to, `${indent}${isLast ? '   ' : '│  '}`);
  });
}

/** `yes`, `no`, `else`, `branch 1`; undefined for the one way on of a step that is no split. */
export function branchLabel(edge: Edge): string | undefined {
  const [, branch] = /\.Branches\[(\d+)\]\.NextActivity$/.exec(edge.path) ?? [];
  if (branch !== undefined) return `branch ${Number(branch) + 1}`;
  const labels: Record<string, string> = {
    TrueActivity: 'yes',
    FalseActivity: 'no',
    DefaultActivity: 'else',
  };
  return labels[edge.path.split('.').at(-1) ?? ''];
}

function whoEnters({ StartCondition: start, Schedule: schedule }: JourneyDocument): string {
  const segment = start?.SegmentStartCondition?.SegmentId;
  const who =
    segment !== undefined ? `segment ${segment}` : start?.EventStartCondition ? 'an event' : 'nobody yet';
  const from = schedule?.StartTime === undefined ? '' : `, from ${schedule.StartTime}`;
  const to = schedule?.EndTime === undefined ? '' : `, to ${schedule.EndTime}`;
  return `  enters: ${who}${from}${to}`;
}

/** `WelcomeEmail: e-mail "welcome"` */
export function nameOf(id: string, activity: Activity | undefined): string {
  const kinds = activity === undefined ? [] : kindsOf(activity);
  const what = kinds.map((kind) => describe[kind](activity ?? {})).join(' and ');
  return `${id}: ${what === '' ? 'a placeholder, where participants end' : what}`;
}

const describe: Readonly<Record<ActivityKind, (activity: Activity) => string>> = {
  EMAIL: ({ EMAIL }) => `e-mail ${template(EMAIL)}`,
  SMS: ({ SMS }) => `SMS ${template(SMS)}`,
  PUSH: ({ PUSH }) => `push ${template(PUSH)}`,
  CUSTOM: ({ CUSTOM }) => `custom channel ${CUSTOM?.DeliveryUri ?? ''}`,
  ContactCenter: () => 'contact center',
  Wait: ({ Wait }) => `wait ${timeOf(Wait?.WaitTime)}`,
  ConditionalSplit: ({ ConditionalSplit: split }) => {
    const joint = split?.Condition?.Operator === 'ANY' ? ' or ' : ' and ';
    const conditions = (split?.Condition?.Conditions ?? []).map(({ EventCondition: event }) => {
      const types = event?.Dimensions?.EventType?.Values?.join(', ');
      if (types === undefined) return 'a segment';
      return event?.MessageActivity ? `${types} of ${event.MessageActivity}` : types;
    });
    return `${conditions.join(joint)}? ${judged(split?.EvaluationWaitTime)}`;
  },
  MultiCondition: ({ MultiCondition }) =>
    `the first branch that holds, ${judged(MultiCondition?.EvaluationWaitTime)}`,
  RandomSplit: ({ RandomSplit }) =>
    `at random, ${(RandomSplit?.Branches ?? []).map((branch) => `${branch.Percentage} %`).join(', ')}`,
  Holdout: ({ Holdout }) => `${Holdout?.Percentage} % end here`,
};

function template(message: { TemplateName?: string; TemplateVersion?: string } | undefined): string {
  const version = message?.TemplateVersion === undefined ? '' : ` version ${message.TemplateVersion}`;
  return `"${message?.TemplateName}"${version}`;
}

function timeOf(time: WaitTime | undefined): string {
  return time?.WaitUntil === undefined ? `for ${time?.WaitFor}` : `until ${time.WaitUntil}`;
}

function judged(time: WaitTime | undefined): string {
  return time === undefined ? 'judged at once' : `waits ${timeOf(time)}`;
}
