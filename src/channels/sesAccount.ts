import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import type { Config } from '../config.ts';
import { RepointError } from '../domain/errors.ts';
import { createSesClient } from './clients.ts';
import { callProvider } from './providerCall.ts';
import type { AccountLimits } from './rates.ts';

/** SES says so where there is no daily limit. */
const UNLIMITED = -1;

/**
 * What SES v2 `GetAccount` says of the account's limits.
 * @throws RepointError Unavailable with the provider's word where it does not answer
 */
export function createAccountReader(config: Config): () => Promise<AccountLimits> {
  const client = createSesClient(config);
  return async () => {
    const result = await callProvider(new GetAccountCommand({}), (sent, options) =>
      client.send(sent, options),
    );
    if (result.kind !== 'answered') {
      const why = 'code' in result ? result.code : 'reason' in result ? result.reason : result.kind;
      throw new RepointError('Unavailable', `GetAccount: ${why}`);
    }
    const { SendQuota: quota, ProductionAccessEnabled, SendingEnabled, EnforcementStatus } = result.answer;
    if (quota?.MaxSendRate === undefined) throw new RepointError('Unavailable', 'GetAccount: no SendQuota');
    const { MaxSendRate, Max24HourSend = UNLIMITED, SentLast24Hours = 0 } = quota;
    return {
      perSecond: MaxSendRate,
      dayQuota: Max24HourSend === UNLIMITED ? null : Max24HourSend,
      sentInDay: SentLast24Hours,
      isSandbox: ProductionAccessEnabled === false,
      isSending: SendingEnabled !== false && EnforcementStatus !== 'SHUTDOWN',
    };
  };
}
