import type { Dimension, SegmentDraft, SegmentReference, SegmentTree } from './tree.ts';

/** Whether people can start or stop matching without anything being written: relative dates and recency. */
export function timeDependent(tree: SegmentTree): boolean {
  return leaves<Dimension>(tree).some(
    (leaf) =>
      leaf.kind === 'recency' ||
      (leaf.kind === 'dateAttribute' && leaf.moments.some((moment) => moment.kind === 'relative')),
  );
}

/**
 * What the tree looks at, in a document's own words: `Attributes.Plan`, `UserAttributes.SignupDate`,
 * `Metrics.Visits`, `Demographic.Model`, `Demographic.Channel`, `Location.Country`, `Location.GPSPoint`,
 * `Behavior.Recency`.
 */
export function mentions(tree: SegmentTree): ReadonlySet<string> {
  return new Set(leaves<Dimension>(tree).map(mentionOf));
}

/** The other segments a draft names, each as often as it is named. */
export function referencesOf(draft: SegmentDraft): readonly SegmentReference[] {
  return leaves<Dimension | SegmentReference>(draft).filter((leaf) => leaf.kind === 'segment');
}

type Node<Leaf> = { readonly kind: 'all' | 'any' | 'none'; readonly of: readonly Node<Leaf>[] } | Leaf;

function leaves<Leaf extends { readonly kind: string }>(node: Node<Leaf>): readonly Leaf[] {
  return 'of' in node ? node.of.flatMap((part) => leaves(part)) : [node];
}

function mentionOf(leaf: Dimension): string {
  switch (leaf.kind) {
    case 'textAttribute':
    case 'dateAttribute':
      return `${leaf.owner === 'user' ? 'UserAttributes' : 'Attributes'}.${leaf.name}`;
    case 'metric':
      return `Metrics.${leaf.name}`;
    case 'field':
      return leaf.field === 'Country' ? 'Location.Country' : `Demographic.${leaf.field}`;
    case 'near':
      return 'Location.GPSPoint';
    case 'recency':
      return 'Behavior.Recency';
  }
}
