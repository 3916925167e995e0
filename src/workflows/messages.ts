import { defineQuery, defineSignal } from '@temporalio/workflow';

/** "Look again": carries nothing, because Postgres decides. */
export const wake = defineSignal('wake');

/** A campaign was changed: "look again" for a run that sleeps until its start. */
export const campaignChanged = defineSignal('campaignChanged');

/** Where the participant of a journey is, as their workflow knows it. Times are ISO 8601 in UTC. */
export interface Position {
  /** The step that acts next, or acts now. */
  readonly step: string;
  /** What was passed on the way to it: waits, lots, steps passed over. */
  readonly passed: readonly string[];
  /** When the step may act; a split is then open. */
  readonly due: string;
  /** When the workflow looks again by itself; null while it acts, and while a pause holds it. */
  readonly sleepsUntil: string | null;
}

/** Asked of a journey's workflow: `temporal workflow query --type position`. */
export const position = defineQuery<Position>('position');
