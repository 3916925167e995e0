import type { EmailChannelResponse, SMSChannelResponse } from '@aws-sdk/client-pinpoint';
import type { Config } from '../../../config.ts';
import type { Deps } from '../../../deps.ts';
import { bucketName, channelLimit } from '../../../sending/rates/channelLimits.ts';

export type EmailRate = Pick<EmailChannelResponse, 'MessagesPerSecond'>;
type SmsRates = Pick<SMSChannelResponse, 'PromotionalMessagesPerSecond' | 'TransactionalMessagesPerSecond'>;

/** E-mails a second as SES says of the account; nothing before it has said so. */
export async function emailRate({ db, config }: Deps): Promise<EmailRate> {
  const row = await db
    .selectFrom('rate_bucket')
    .select('per_second')
    .where('name', '=', bucketName(config, 'EMAIL'))
    .executeTakeFirst();
  const told = row?.per_second ?? null;
  return told === null ? {} : { MessagesPerSecond: Math.floor(channelLimit(config, 'EMAIL', told)) };
}

/** Promotional and transactional text messages share one limit. */
export function smsRates(config: Config): SmsRates {
  const perSecond = Math.floor(config.REPOINT_SMS_PER_SECOND);
  return { PromotionalMessagesPerSecond: perSecond, TransactionalMessagesPerSecond: perSecond };
}
