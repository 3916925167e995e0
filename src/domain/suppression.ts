/** Why nothing is sent to an address, whoever's it is. */
export const suppressionReasons = ['BOUNCE', 'COMPLAINT', 'OPT_OUT', 'MANUAL'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** The channels whose addresses can be suppressed. */
export const suppressibleChannels = ['EMAIL', 'SMS', 'PUSH'] as const;
export type SuppressibleChannel = (typeof suppressibleChannels)[number];

/** An address as the suppression list knows it. */
export interface SuppressedAddress {
  readonly channel: SuppressibleChannel;
  readonly address: string;
}

const forms: Readonly<Record<SuppressibleChannel, (address: string) => string>> = {
  // As SES compares them: it says that case makes no difference.
  EMAIL: (address) => address.trim().toLowerCase(),
  SMS: (address) => address.replace(/[^\d+]/g, '').replace(/^00/, '+'),
  // A token of one push service is none of another's.
  PUSH: (address) => address,
};

/** The one form of an address by which it is suppressed; null on a channel that has no suppression. */
export function suppressedForm(channel: string, address: string): SuppressedAddress | null {
  const known = suppressibleChannels.find((one) => one === channel);
  return known === undefined ? null : { channel: known, address: forms[known](address) };
}
