import { storable } from '../domain/storable.ts';
import type { SendOutcome } from './channel.ts';

/** An outcome whose texts, the provider's own words, can be recorded: one that cannot would be lost, and be sent again. */
export function storableOutcome(outcome: SendOutcome): SendOutcome {
  const members = Object.entries(outcome).map(([name, value]) => [
    name,
    typeof value === 'string' ? storable(value) : value,
  ]);
  return Object.fromEntries(members) as SendOutcome;
}
