import { defaultTreatment } from '../../domain/campaign/treatment.ts';
import type { ReportedRow } from '../../sending/findReported.ts';

type Origin = Pick<ReportedRow, 'owner' | 'step' | 'journey_id' | 'run_id' | 'campaign_id'>;

/** The attributes under which Pinpoint's events name where a message came from; none of one that a request sent. */
export function originAttributes(message: Origin): Record<string, string> {
  const { owner, step, journey_id, run_id, campaign_id } = message;
  if (journey_id !== null) {
    return { journey_id, ...(run_id !== null && { journey_run_id: run_id }), journey_activity_id: step };
  }
  if (campaign_id === null) return {};
  const campaign_activity_id = owner.replaceAll('-', '');
  return { treatment_id: defaultTreatment, campaign_id, campaign_activity_id };
}
