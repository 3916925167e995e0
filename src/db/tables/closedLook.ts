import type { Generated } from 'kysely';

/** One row: the look for workflows that were closed from outside, which all workers share. */
export interface ClosedLookTable {
  id: boolean;
  /** The look under way, or the next, asks for what was closed after this; null: there was none yet. Logical time. */
  since: Date | null;
  /** When the look under way began; null: none is. Logical time. */
  begun_at: Date | null;
  /** Temporal's word for the next page of the look under way. */
  page_token: Buffer | null;
  /** When a worker may take it: the next look, or one whose worker is gone. Real time. */
  next_at: Date;
}

/** A row for each kind of owner: the look at all of their workflows, which all workers share. */
export interface OwnerLookTable {
  kind: string;
  /** The last owner that was looked at; '': the look begins with the first. */
  app_id: Generated<string>;
  id: Generated<string>;
  /** When a worker may take it: the next look, or one whose worker is gone. Real time. */
  next_at: Date;
}
