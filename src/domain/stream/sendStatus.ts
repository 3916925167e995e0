/** What an attempt to send came to, as Pinpoint's event stream says it. */
export interface SendStatus {
  /** journey_send_status or campaign_send_status ("Journey event data", "Campaign event data" of its developer guide). */
  readonly status: string;
  readonly code?: string;
  readonly message?: string;
}

type Sends = 'journey' | 'campaign';

/** Which word says that a call came to an end nobody wanted. */
const failedCalls: Record<Sends, Record<'unreached' | 'unknown', string>> = {
  journey: { unreached: 'FAILURE', unknown: 'FAILURE' },
  campaign: { unreached: 'TRANSIENT_FAILURE', unknown: 'UNKNOWN' },
};

/** The outcome of a provider's call, as far as it is told. */
export type CallOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'throttled' | 'unreached' | 'unknown'; readonly reason: string }
  | {
      readonly kind: 'refused';
      readonly statusCode: number;
      readonly code: string;
      readonly reason: string;
    };

/** The status of a call that was made. */
export function statusOfCall(sends: Sends, outcome: CallOutcome): SendStatus {
  switch (outcome.kind) {
    case 'accepted':
      return { status: 'SUCCESS', code: '200', message: '200' };
    case 'throttled':
      return { status: 'THROTTLED', code: '429', message: outcome.reason };
    case 'refused': {
      const status =
        outcome.code === 'CUSTOM_DELIVERY_FAILURE' ? 'CUSTOM_DELIVERY_FAILURE' : 'FAILURE_PERMANENT';
      return { status, code: String(outcome.statusCode), message: `${outcome.code}: ${outcome.reason}` };
    }
    default:
      return { status: failedCalls[sends][outcome.kind], message: outcome.reason };
  }
}

/** Reasons of ours that Pinpoint has a word for; the rest are failures for good, with the reason as the message. */
const skips: Readonly<Record<string, string>> = {
  CAMPAIGN_CAP: 'CAMPAIGN_CAP',
  CLOSED_DAY: 'QUIET_TIME',
  DAILY_CAP: 'DAILY_CAP',
  DUPLICATE_ADDRESS: 'DUPLICATE_ADDRESS',
  NO_ENDPOINT_ON_CHANNEL: 'UNSUPPORTED_CHANNEL',
  OUTSIDE_OPEN_HOURS: 'QUIET_TIME',
  QUIET_TIME: 'QUIET_TIME',
  TIMEFRAME_CAP: 'DAILY_CAP',
  TOTAL_CAP: 'DAILY_CAP',
};

/** The status of a recipient who was not written to, and why. */
export function statusOfSkip(reason: string): SendStatus {
  return {
    status: (Object.hasOwn(skips, reason) ? skips[reason] : undefined) ?? 'FAILURE_PERMANENT',
    message: reason,
  };
}
