import type { DemoApi } from './demoApi.ts';

/** What the demo reads of a person's trace, as it comes over HTTP. */
export interface JourneyTrace {
  readonly Membership: { readonly Matching: boolean; readonly Refused: string | null } | null;
  readonly Entries: readonly EntryTrace[];
}

interface EntryTrace {
  readonly WorkflowId: string;
  readonly EnteredAt: string;
  readonly EndedAt: string | null;
  readonly EndReason: string | null;
  readonly Steps: readonly StepTrace[];
  /** Null where the Web UI's address is not known. */
  readonly WebUi: string | null;
}

interface StepTrace {
  readonly Step: string;
  readonly At: string;
  readonly Decision: string | null;
  readonly Reason: string | null;
  readonly Messages: readonly { readonly EndpointId: string | null; readonly State: string }[];
}

/** One user's way through a journey, as Repoint tells it. */
export function readTrace(
  api: DemoApi,
  { appId, journeyId, userId }: { appId: string; journeyId: string; userId: string },
): Promise<JourneyTrace> {
  return api.own('GET', `/repoint/v1/apps/${appId}/journeys/${journeyId}/trace?user=${userId}`);
}
