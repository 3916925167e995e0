import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';

/** A step as a hand-written workflow takes it. Times are milliseconds. */
export type Node = { readonly id: string } & (
  | { readonly kind: 'message' }
  | { readonly kind: 'wait'; readonly for: number }
  /** Goes on when the event was heard, or when the time is over. */
  | { readonly kind: 'event'; readonly for: number }
  /** Asks whether the person is in a segment. */
  | { readonly kind: 'segment' }
  | { readonly kind: 'random' }
);

export interface StraightforwardInput {
  readonly appId: string;
  readonly journeyId: string;
  readonly endpointId: string;
  /** The steps that this participant passes. */
  readonly nodes: readonly Node[];
}

interface NodeActivities {
  sendMessage(participant: Participant, node: string): Promise<void>;
  isInSegment(participant: Participant, node: string): Promise<boolean>;
  record(participant: Participant, node: string): Promise<void>;
}

type Participant = Omit<StraightforwardInput, 'nodes'>;

const { sendMessage, isInSegment, record } = proxyActivities<NodeActivities>({
  startToCloseTimeout: '12 s',
});

export const heard = defineSignal('heard');

/**
 * The workflow one writes first: an activity for each step that does something, one more that records each step, sleeps for
 * waits, and a condition that a signal fulfils.
 */
export async function straightforward({ nodes, ...participant }: StraightforwardInput): Promise<void> {
  let hasHeard = false;
  setHandler(heard, () => {
    hasHeard = true;
  });
  for (const node of nodes) {
    if (node.kind === 'message') await sendMessage(participant, node.id);
    if (node.kind === 'segment') await isInSegment(participant, node.id);
    if (node.kind === 'wait') await sleep(node.for);
    if (node.kind === 'event') await condition(() => hasHeard, node.for);
    await record(participant, node.id);
  }
}
