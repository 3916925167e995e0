import type { JourneyLimits } from './document.ts';
import { type Finding, finding } from './finding.ts';

const always = finding('always');

/** Pinpoint's quotas; a rate beyond any provider's is a slip. */
const most = { DailyCap: 100, TotalCap: 100, MessagesPerSecond: 20_000 } as const;
const mostOfTimeframe = { Cap: 100, Days: 30 } as const;

/** What is wrong with the ranges of limits on messages, wherever they stand. */
export function checkLimits(path: string, limits: JourneyLimits = {}): Finding[] {
  const { TimeframeCap: timeframe = {} } = limits;
  return [
    ...(Object.keys(most) as (keyof typeof most)[]).flatMap((name) =>
      checkWhole(`${path}.${name}`, limits[name], most[name]),
    ),
    ...(['Cap', 'Days'] as const).flatMap((name) =>
      checkWhole(`${path}.TimeframeCap.${name}`, timeframe[name], mostOfTimeframe[name]),
    ),
  ];
}

function checkWhole(path: string, value: number | undefined, largest: number): Finding[] {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= largest)) return [];
  return [always(path, `${value}; write a whole number from 0 to ${largest}`)];
}
