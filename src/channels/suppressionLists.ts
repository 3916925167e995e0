import {
  type PinpointSMSVoiceV2Client,
  paginateDescribeOptedOutNumbers,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { paginateListSuppressedDestinations, type SESv2Client } from '@aws-sdk/client-sesv2';
import { RepointError } from '../domain/errors.ts';
import type { SuppressionReason } from '../domain/suppression.ts';

/** An address that a provider sends nothing to. */
export interface ListedAddress {
  readonly channel: 'EMAIL' | 'SMS';
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly since: Date;
}

/**
 * SES's suppression list of the account and region, a page at a time.
 * @throws RepointError Unavailable when SES does not answer or does not let these credentials read it
 */
export async function* sesSuppressionList(
  client: SESv2Client,
  pageSize = 1000,
): AsyncGenerator<ListedAddress[]> {
  for await (const page of pagesOf(
    paginateListSuppressedDestinations({ client, pageSize }, {}),
    'ses:ListSuppressedDestinations',
  )) {
    yield (page.SuppressedDestinationSummaries ?? []).map((one) => ({
      channel: 'EMAIL',
      address: one.EmailAddress ?? '',
      reason: one.Reason === 'COMPLAINT' ? 'COMPLAINT' : 'BOUNCE',
      since: one.LastUpdateTime ?? new Date(0),
    }));
  }
}

/**
 * The numbers of an opt-out list of End User Messaging, a page at a time.
 * @throws RepointError Unavailable when it does not answer, has no such list or does not let these credentials read it
 */
export async function* smsOptOutList(
  client: PinpointSMSVoiceV2Client,
  list: string,
  pageSize = 100,
): AsyncGenerator<ListedAddress[]> {
  const pages = paginateDescribeOptedOutNumbers({ client, pageSize }, { OptOutListName: list });
  for await (const page of pagesOf(pages, 'sms-voice:DescribeOptedOutNumbers')) {
    yield (page.OptedOutNumbers ?? []).map((one) => ({
      channel: 'SMS',
      address: one.OptedOutNumber ?? '',
      reason: 'OPT_OUT',
      since: one.OptedOutTimestamp ?? new Date(0),
    }));
  }
}

async function* pagesOf<Page>(pages: AsyncIterable<Page>, permission: string): AsyncGenerator<Page> {
  try {
    yield* pages;
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown error';
    const advice = /access.?denied/i.test(name) ? `it needs the permission ${permission}` : 'run it again';
    const message = `The list could not be read (${name}): ${advice}; what was read so far is kept`;
    throw new RepointError('Unavailable', message, { cause });
  }
}
