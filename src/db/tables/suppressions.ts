import type { SuppressibleChannel, SuppressionReason } from '../../domain/suppression.ts';

/** Addresses nothing is sent to, by any app: as at AWS, where suppression is the account's. */
export interface SuppressionTable {
  channel: SuppressibleChannel;
  /** As `suppressedForm` writes it. */
  address: string;
  reason: SuppressionReason;
  /** Where it was heard: `feedback`, `ses`, `sms-optouts`, a file's name, `cli`. */
  source: string;
  /** The newest word that it is suppressed, and that it is not any more; null while it is. */
  since: Date;
  lifted_at: Date | null;
}
