import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Ranges that no stranger's webhook can be in (IANA's special-purpose registries, and multicast). */
const insideIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** Of IPv6 only this is routed in public: loopback, mapped, translated, local and multicast addresses lie outside. */
const publicIpv6 = ['2000::/3'];
/** Within it: protocol assignments with Teredo, documentation, and 6to4, which carries an IPv4 address. */
const insideIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** A webhook's address that must not be connected to. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

export type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/** Keeps webhooks out of private, loopback, link-local and reserved networks, at every connect. */
export interface AddressGuard {
  /** Whether an IP address may be connected to: a public one, encrypted, or one that is explicitly allowed. */
  permits(address: string, isEncrypted: boolean): boolean;
  /**
   * The lookup of a connection that is about to be made. What it answers is what is connected to, so a name cannot
   * mean something else a moment later; a name of which only one address is forbidden is forbidden whole.
   */
  lookup(isEncrypted: boolean): LookupFunction;
}

/**
 * @param allowed addresses and CIDR ranges that are allowed although they are inside, also without encryption
 * @param resolve how names are resolved; the system's way
 * @param alsoPublic false: nothing but what is explicitly allowed
 */
export function createAddressGuard(
  allowed: readonly string[],
  resolve: Resolve = dns.lookup,
  { alsoPublic = true }: { readonly alsoPublic?: boolean } = {},
): AddressGuard {
  const allowList = listOf(allowed);
  const [inside, outside] = [listOf([...insideIpv4, ...insideIpv6]), listOf(publicIpv6)];
  const isPublic = (address: string, version: number) =>
    !has(inside, address, version) && (version === 4 || has(outside, address, version));
  const permits = (given: string, isEncrypted: boolean) => {
    const address = given.replace(/%.*$/, '');
    const version = isIP(address);
    if (version === 0) return false;
    return has(allowList, address, version) || (alsoPublic && isEncrypted && isPublic(address, version));
  };
  return {
    permits,
    lookup: (isEncrypted) => (hostname, options, callback) =>
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        const isForbidden = addresses.some(({ address }) => !permits(address, isEncrypted));
        if (isForbidden)
          return callback(new ForbiddenAddressError('the name leads to a forbidden address'), []);
        const [first] = addresses;
        return options.all || !first
          ? callback(null, addresses)
          : callback(null, first.address, first.family);
      }),
  };
}

/** @throws Error for what is no address or CIDR range */
function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const isIpv4 = isIP(address) === 4;
    list.addSubnet(
      address,
      bits === undefined ? (isIpv4 ? 32 : 128) : Number(bits),
      isIpv4 ? 'ipv4' : 'ipv6',
    );
  }
  return list;
}

/** An IPv4 address written as IPv6 (::ffff:127.0.0.1) is in the IPv4 ranges. */
function has(list: BlockList, address: string, version: number): boolean {
  return list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
