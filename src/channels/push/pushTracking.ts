import { defined } from '../../domain/defined.ts';
import { contextNames } from '../../domain/messageTags.ts';
import type { OutgoingPush } from '../channel.ts';

/** Where a push comes from, under the names of the events by which a phone reports it (`_journey.opened_notification`). */
export interface PushTracking {
  readonly source: 'journey' | 'campaign';
  readonly ids: Readonly<Record<string, string>>;
}

/**
 * The ids that come back as attributes of a phone's events, the message's own among them; null for a message that is
 * part of neither a journey nor a campaign.
 */
export function trackingOf({ origin, messageId }: OutgoingPush): PushTracking | null {
  const own = { [contextNames.messageId]: messageId };
  if (origin.journeyId !== undefined) {
    const ids = {
      journey_id: origin.journeyId,
      journey_activity_id: origin.activityId,
      journey_run_id: origin.journeyRunId,
    };
    return { source: 'journey', ids: { ...defined(ids), ...own } };
  }
  if (origin.campaignId === undefined) return null;
  const ids = {
    campaign_id: origin.campaignId,
    campaign_activity_id: origin.activityId,
    // the original's name for the campaign's own message, beside those of its treatments
    treatment_id: origin.treatmentId ?? '0',
  };
  return { source: 'campaign', ids: { ...defined(ids), ...own } };
}

/** In APNs payloads: `data.pinpoint.journey`, `data.pinpoint.campaign`. */
export function apnsTracking({ source, ids }: PushTracking): Record<string, object> {
  return { [source]: ids };
}

/** In data of FCM and its kin, which is flat: a journey as JSON under `pinpoint`, a campaign's ids each by itself. */
export function dataTracking({ source, ids }: PushTracking): Record<string, string> {
  if (source === 'journey') return { pinpoint: JSON.stringify({ journey: ids }) };
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [`pinpoint.campaign.${name}`, id]));
}
