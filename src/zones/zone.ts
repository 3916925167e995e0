import { IANAZone } from 'luxon';
import type { LocalClock } from '../domain/windows/localTime.ts';

const offsetForm = /^(?:UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$/i;
const FARTHEST_OFFSET = 14 * 60;

/**
 * Reads a time zone as Pinpoint takes it: an IANA name (`America/New_York`) or a UTC offset (`UTC`, `UTC+05:30`, `UTC-07`),
 * upper or lower case. The clock knows the zone's rules at every instant. Null for a text that names no zone.
 */
export function readZone(text: string): LocalClock | null {
  const trimmed = text.trim();
  const [form, sign, hours = '0', minutes = '0'] = offsetForm.exec(trimmed) ?? [];
  if (form) {
    const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    return Number(minutes) < 60 && Math.abs(offset) <= FARTHEST_OFFSET ? { offsetAt: () => offset } : null;
  }
  if (!IANAZone.isValidZone(trimmed)) return null;
  const zone = IANAZone.create(trimmed);
  return { offsetAt: (instant) => zone.offset(instant) };
}
