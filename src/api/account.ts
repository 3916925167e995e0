import type { Config } from '../config.ts';
import type { Account } from '../domain/arn.ts';

/** The account and region that stand in every ARN we answer. */
export function accountOf(config: Config): Account {
  return { region: config.region, accountId: config.REPOINT_ACCOUNT_ID };
}
