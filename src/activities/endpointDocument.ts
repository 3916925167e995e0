import type { SendTarget } from '../db/people/sendTargets.ts';

/** An endpoint in Pinpoint's words, as custom channels see it. */
export function endpointDocument(endpoint: SendTarget): Record<string, unknown> {
  return {
    ChannelType: endpoint.channel_type,
    Address: endpoint.address,
    EndpointStatus: endpoint.status,
    OptOut: endpoint.opt_out,
    EffectiveDate: endpoint.effective_date.toISOString(),
    CreationDate: endpoint.created_at.toISOString(),
    ...(endpoint.request_id !== null && { RequestId: endpoint.request_id }),
    CohortId: String(endpoint.cohort),
    Attributes: endpoint.attributes,
    Demographic: endpoint.demographic,
    Location: endpoint.location,
    Metrics: endpoint.metrics,
    User: {
      ...(endpoint.user_id !== null && { UserId: endpoint.user_id }),
      UserAttributes: endpoint.user_attributes,
    },
  };
}
