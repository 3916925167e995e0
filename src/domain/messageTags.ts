/** The EmailTags under which our ids travel; SES gives them back in every event of the message. */
export const emailTags = {
  messageId: 'repoint-message',
  appId: 'repoint-app',
  journeyId: 'repoint-journey',
  journeyRunId: 'repoint-run',
  campaignId: 'repoint-campaign',
  activityId: 'repoint-activity',
  endpointId: 'repoint-endpoint',
  treatmentId: 'repoint-treatment',
} as const;

/** The names under which they travel in Pinpoint's Context; an event's `customer_context` gives them back. */
export const contextNames = {
  messageId: 'repoint_message',
  appId: 'repoint_app',
  journeyId: 'journey_id',
  journeyRunId: 'journey_run_id',
  campaignId: 'campaign_id',
  activityId: 'activity_id',
  endpointId: 'endpoint_id',
  treatmentId: 'treatment_id',
} as const satisfies Record<keyof typeof emailTags, string>;
