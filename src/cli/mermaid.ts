import type { JourneyDocument } from '../domain/journey/document.ts';
import { edgesOf } from '../domain/journey/graph.ts';
import { kindsOf } from '../domain/journey/steps.ts';
import { branchLabel, nameOf } from './showJourney.ts';

const splits: ReadonlySet<string> = new Set(['ConditionalSplit', 'MultiCondition', 'RandomSplit', 'Holdout']);

/** A journey as a flowchart of Mermaid, which GitHub and many editors draw. */
export function mermaidOf(document: JourneyDocument): string[] {
  const activities = document.Activities ?? {};
  const edges = edgesOf(activities);
  const missing = new Set(edges.map(({ to }) => to).filter((to) => !Object.hasOwn(activities, to)));
  const ids = [...Object.keys(activities), ...missing];
  const nodes = new Map(ids.map((id, index) => [id, `s${index}`]));
  const node = (id: string) => nodes.get(id) ?? '';
  return [
    'flowchart TD',
    ...Object.entries(activities).map(([id, activity]) => {
      const label = quoted(nameOf(id, activity));
      const isSplit = kindsOf(activity).some((kind) => splits.has(kind));
      return `  ${node(id)}${isSplit ? `{${label}}` : `[${label}]`}`;
    }),
    ...[...missing].map((id) => `  ${node(id)}(${quoted(`no step ${id}: participants end here`)})`),
    ...edges.map((edge) => {
      const label = branchLabel(edge);
      return `  ${node(edge.from)} -->${label === undefined ? '' : `|${label}|`} ${node(edge.to)}`;
    }),
  ];
}

function quoted(text: string): string {
  return `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;')}"`;
}
