import type { Config } from '../config.ts';
import { RepointError } from '../domain/errors.ts';
import { headerValues, type RawRequest } from './canonicalRequest.ts';
import { type Refusal, refused, verifySignature } from './sigv4.ts';

/** Who called: `verified` by a key of ours, or let in `unverified` by the embedded mode. */
export type Access = { readonly kind: 'verified' | 'unverified'; readonly keyId: string } | Refusal;

/** Settings that decide who may call. */
export type AccessPolicy = Pick<Config, 'REPOINT_AUTH' | 'REPOINT_ACCESS_KEYS'>;

/**
 * Decides over a request. A known key with a wrong signature is refused everywhere; only what the embedded
 * mode does with an unknown key differs: it lets it in from the same machine.
 * @param remoteAddress the connection's other end
 */
export function authorize(
  request: RawRequest,
  policy: AccessPolicy,
  remoteAddress: string | undefined,
): Access {
  const verdict = verifySignature(request, policy.REPOINT_ACCESS_KEYS, new Date());
  if (verdict.kind !== 'unknownKey') return verdict;
  if (policy.REPOINT_AUTH === 'embedded') return embeddedAccess(request, remoteAddress, verdict.keyId);
  if (verdict.keyId.startsWith('ASIA')) return refused('UnrecognizedClientException', temporaryKeyMessage);
  return refused(
    'UnrecognizedClientException',
    'The access key id is not known here: add it and its secret to REPOINT_ACCESS_KEYS, or use one that is there',
  );
}

const temporaryKeyMessage =
  "Temporary credentials (ASIA…) can be verified by nobody but AWS: give this client an access key of Repoint's own, one from REPOINT_ACCESS_KEYS";

/**
 * @throws RepointError BadRequest when the policy is strict and there is no key that could ever be let in
 */
export function requireKeys(policy: AccessPolicy): void {
  if (policy.REPOINT_AUTH === 'strict' && policy.REPOINT_ACCESS_KEYS.size === 0) {
    throw new RepointError(
      'BadRequest',
      'REPOINT_ACCESS_KEYS: name at least one KEYID:secret, or nobody could call the API',
    );
  }
}

/** The host too must name this machine: a web page that rebinds its own name to loopback keeps its name. */
function embeddedAccess(request: RawRequest, remoteAddress: string | undefined, keyId: string): Access {
  const [host = ''] = headerValues(request, 'host');
  if (isLoopback(remoteAddress ?? '') && isLoopback(hostName(host))) return { kind: 'unverified', keyId };
  return refused(
    'UnrecognizedClientException',
    'The access key id is not known here, and only requests from this machine to localhost pass without: add the key to REPOINT_ACCESS_KEYS',
  );
}

function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

function isLoopback(name: string): boolean {
  const address = name.startsWith('::ffff:') ? name.slice('::ffff:'.length) : name;
  return /^127(\.\d{1,3}){3}$/.test(address) || address === '::1' || address === 'localhost';
}
