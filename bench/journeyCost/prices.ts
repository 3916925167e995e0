/** Dollars per million actions, by how many million of the month's they are: Temporal Cloud's pay-as-you-go list. */
const actionTiers = [
  { millions: 5, price: 50 },
  { millions: 5, price: 45 },
  { millions: 10, price: 40 },
  { millions: 30, price: 35 },
  { millions: 50, price: 30 },
  { millions: Number.POSITIVE_INFINITY, price: 25 },
] as const;

/** Dollars for a gigabyte of history for an hour while its workflow is open. */
const openGigabyteHour = 0.042;

/** Dollars that so many million actions within one month cost. */
export function actionsPrice(millions: number): number {
  let left = millions;
  let price = 0;
  for (const tier of actionTiers) {
    const some = Math.min(left, tier.millions);
    price += some * tier.price;
    left -= some;
  }
  return price;
}

/** Dollars for histories of so many gigabytes as long as their workflows are open, as if each were whole from the start. */
export function openStoragePrice(gigabytes: number, days: number): number {
  return gigabytes * days * 24 * openGigabyteHour;
}
