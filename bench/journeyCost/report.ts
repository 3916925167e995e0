import type { Cost } from '../../test/support/journeyCost.ts';
import { table } from '../costsDocument.ts';
import { actionsPrice, openStoragePrice } from './prices.ts';
import type { Scenario } from './scenarios.ts';

export interface Measured {
  readonly scenario: Scenario;
  readonly repoint: Cost;
  readonly straightforward: Cost;
}

/** A cluster of Temporal whose throughput was published: what it is, and state transitions a second. */
const cluster = { transitionsPerSecond: 1500 };

/** What a participant takes, and what a million of them take on Temporal Cloud and on a published cluster. */
export function costsReport(measured: readonly Measured[]): string {
  return [
    compared('one participant', measured, {
      actions: ({ actions }) => actions,
      events: ({ events }) => events,
      bytes: ({ bytes }) => bytes.toLocaleString('en-US'),
      transitions: ({ transitions }) => transitions,
    }),
    compared('a million participants', measured, {
      // a million actions for each action of one
      actions: ({ actions }) => `$${actionsPrice(actions).toFixed(0)}`,
      // a million times a byte is a thousandth of a gigabyte
      'open histories': ({ bytes }, { days }) => `$${openStoragePrice(bytes / 1000, days).toFixed(0)}`,
      'cluster hours': ({ transitions }) =>
        ((transitions * 1e6) / cluster.transitionsPerSecond / 3600).toFixed(1),
    }),
  ].join('\n\n');
}

type Figures = Readonly<Record<string, (cost: Cost, scenario: Scenario) => string | number>>;

/** Repoint's figure, and behind a slash the straightforward workflow's. */
function compared(of: string, measured: readonly Measured[], figures: Figures): string {
  const rows = measured.map(({ scenario, repoint, straightforward }) => [
    scenario.name,
    ...Object.values(figures).map(
      (figure) => `${figure(repoint, scenario)} / ${figure(straightforward, scenario)}`,
    ),
  ]);
  return table([of, ...Object.keys(figures)], rows);
}
