import type { LocalClock } from '../domain/windows/localTime.ts';
import { zonesOfPhoneNumber } from './phoneZones.ts';
import { zonesOfPostalCode } from './postalZones.ts';
import { readZone } from './zone.ts';

/** What tells where an endpoint is. */
export interface Whereabouts {
  readonly channel_type: string | null;
  readonly address: string | null;
  readonly demographic: Readonly<Record<string, unknown>>;
  readonly location: Readonly<Record<string, unknown>>;
}

type Estimate = (endpoint: Whereabouts) => Promise<readonly string[]>;

const estimates: Readonly<Record<string, Estimate>> = {
  PHONE_NUMBER: async ({ channel_type, address, location }) =>
    (channel_type === 'SMS' || channel_type === 'VOICE') && address !== null
      ? await zonesOfPhoneNumber(address, textOf(location.Country))
      : [],
  POSTAL_CODE: ({ location }) => zonesOfPostalCode(textOf(location.PostalCode), textOf(location.Country)),
};

/**
 * The clocks of the zones an endpoint may be in: of Demographic.Timezone, else of the first estimation method that knows
 * any. Empty where nothing is known. Pinpoint estimates only where Demographic.Timezone is missing; one that names no
 * zone counts as missing.
 * @param methods TimezoneEstimationMethods, asked in their order
 */
export async function clocksOf(
  endpoint: Whereabouts,
  methods: readonly string[] = [],
): Promise<LocalClock[]> {
  const stated = readZone(textOf(endpoint.demographic.Timezone));
  if (stated) return [stated];
  for (const method of methods) {
    const zones = (await estimates[method]?.(endpoint)) ?? [];
    const clocks = zones.flatMap((zone) => readZone(zone) ?? []);
    if (clocks.length > 0) return clocks;
  }
  return [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
