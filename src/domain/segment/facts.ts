import type { Dimension, SegmentTree } from './tree.ts';

/** Whether people can start or stop matching without anything being written: relative dates and recency. */
export function timeDependent(tree: SegmentTree): boolean {
  return leaves(tree).some(
    (leaf) =>
      leaf.kind === 'recency' ||
      (leaf.kind === 'dateAttribute' && leaf.moments.some((moment) => moment.kind === 'relative')),
  );
}

function leaves(node: SegmentTree): readonly Dimension[] {
  return 'of' in node ? node.of.flatMap(leaves) : [node];
}
