import { DAY_MS } from '../../domain/duration.ts';
/** The account that the mailbox plays: SES's limits, and whether it sends at all. */
export interface MailboxAccount {
  /** E-mails a second; for short bursts more, as SES's guide says of its sending rate: of twice as many within a second. */
  readonly MaxSendRate: number;
  /** E-mails in 24 hours at most; -1: no limit. */
  readonly Max24HourSend: number;
  /** What others have sent from the account in the last 24 hours; what the mailbox took is counted beside it. */
  readonly SentLast24Hours: number;
  readonly SendingEnabled: boolean;
  readonly ProductionAccessEnabled: boolean;
}

/** How the e-mails that came went with the limits. */
export interface Arrivals {
  readonly Accepted: number;
  readonly OverRate: number;
  readonly OverQuota: number;
  /** The most that came in any second, refused ones included. */
  readonly Peak: number;
}

export type Refusal = 'Maximum sending rate exceeded' | 'Daily message quota exceeded' | 'Sending is paused';

/** Counts e-mails and refuses those over the limits, as SES does. */
export interface AccountDesk {
  account(): MailboxAccount;
  set(change: Partial<MailboxAccount>): void;
  arrivals(): Arrivals;
  /** Why an e-mail that comes now is refused; null for one that is taken. */
  admit(): Refusal | null;
}

const standing: MailboxAccount = {
  MaxSendRate: 1000,
  Max24HourSend: -1,
  SentLast24Hours: 0,
  SendingEnabled: true,
  ProductionAccessEnabled: true,
};
const noArrivals: Arrivals = { Accepted: 0, OverRate: 0, OverQuota: 0, Peak: 0 };

/** @param clock real milliseconds that only grow, from any instant on */
export function createAccountDesk(clock: () => number = () => performance.now()): AccountDesk {
  let account = standing;
  let arrivals = noArrivals;
  /** Arrivals of the last second; what was taken in the last day; what may still leave in a burst, and as of when. */
  let inSecond: number[] = [];
  let taken: number[] = [];
  let burst = { left: account.MaxSendRate, at: clock() };
  const sentInDay = () => account.SentLast24Hours + taken.length;
  const refusal = (now: number): Refusal | null => {
    if (!account.SendingEnabled) return 'Sending is paused';
    if ((taken[0] ?? now) <= now - DAY_MS) taken = taken.filter((at) => at > now - DAY_MS);
    const isOverQuota = account.Max24HourSend >= 0 && sentInDay() >= account.Max24HourSend;
    if (isOverQuota) return 'Daily message quota exceeded';
    return burst.left < 1 ? 'Maximum sending rate exceeded' : null;
  };
  return {
    account: () => ({ ...account, SentLast24Hours: sentInDay() }),
    arrivals: () => arrivals,
    set: (change) => {
      account = { ...account, ...change };
      [arrivals, inSecond, taken] = [noArrivals, [], []];
      burst = { left: Math.max(1, account.MaxSendRate), at: clock() };
    },
    admit: () => {
      const now = clock();
      const { MaxSendRate: rate } = account;
      burst = { left: Math.min(Math.max(1, rate), burst.left + ((now - burst.at) / 1000) * rate), at: now };
      inSecond = [...inSecond.filter((at) => at > now - 1000), now];
      const refused = refusal(now);
      arrivals = counted(arrivals, refused, inSecond.length);
      if (refused === null) {
        taken.push(now);
        burst = { ...burst, left: burst.left - 1 };
      }
      return refused;
    },
  };
}

function counted(arrivals: Arrivals, refused: Refusal | null, inSecond: number): Arrivals {
  const { Accepted, OverRate, OverQuota, Peak } = arrivals;
  return {
    Accepted: Accepted + (refused === null ? 1 : 0),
    OverRate: OverRate + (refused === 'Maximum sending rate exceeded' ? 1 : 0),
    OverQuota: OverQuota + (refused === 'Daily message quota exceeded' ? 1 : 0),
    Peak: Math.max(Peak, inSecond),
  };
}
