import { json, type Queryable } from '../database.ts';

/**
 * What the relay will do for a row, once or more: each is harmless when repeated.
 * - enter: start the journey workflow of an entry
 * - wake: signal that workflow to look again
 * - start: start another workflow (campaign run, import job, journey life) under a deterministic id
 * - signal: signal such a workflow
 * - delete: delete an execution (erasure)
 * - erase: erase once more what is kept about an endpoint that was deleted
 */
export type OutboxRow = {
  readonly appId: string;
  readonly workflowId: string;
  /** Logical time before which the row waits. */
  readonly notBefore: Date;
} & (
  | { readonly kind: 'enter'; readonly entryId: string }
  | { readonly kind: 'wake'; readonly entryId: string }
  | {
      readonly kind: 'start';
      readonly workflowType: WorkflowType;
      readonly input: object;
      readonly summary: string;
      /** True: also where it has run and is over. Each of these workflows asks first what is left to do. */
      readonly again?: boolean;
    }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'erase'; readonly endpointId: string }
);

/** The workflows that are started by name, `journey` apart. */
export type WorkflowType = 'journeyLife' | 'campaignRun' | 'importJob';

/** A campaign begins on time, and a journey can be closed, however many people are entering journeys. */
const lanes = { wake: 0, signal: 0, start: 0, enter: 1, delete: 2, erase: 2 } as const satisfies Record<
  OutboxRow['kind'],
  number
>;

/** The lane of a kind: lower ones go first. */
export function laneOf(kind: OutboxRow['kind']): number {
  return lanes[kind];
}

/** Writes rows into the outbox, in the transaction of the fact that causes them. `now` is logical time. */
export async function enqueue(tx: Queryable, rows: readonly OutboxRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('outbox')
    .values(
      rows.map((row) => ({
        lane: laneOf(row.kind),
        kind: row.kind,
        app_id: row.appId,
        entry_id: row.kind === 'enter' || row.kind === 'wake' ? row.entryId : null,
        workflow_id: row.workflowId,
        payload: json(payloadOf(row)),
        not_before: row.notBefore,
        leased_until: null,
        last_error: null,
        created_at: now,
      })),
    )
    .execute();
}

function payloadOf(row: OutboxRow): object {
  if (row.kind === 'start') {
    const { workflowType, input, summary, again } = row;
    return { workflowType, input, summary, ...(again && { again }) };
  }
  if (row.kind === 'signal') return { signal: row.signal };
  if (row.kind === 'erase') return { endpointId: row.endpointId };
  return {};
}
