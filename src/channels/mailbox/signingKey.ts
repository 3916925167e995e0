import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { DAY_MS } from '../../domain/duration.ts';
import {
  bitString,
  nothing,
  objectIdentifier,
  positiveInteger,
  sequence,
  setOf,
  time,
  utf8,
  version,
} from './der.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** The self-signed certificate, as SNS serves its own. */
  readonly certificate: string;
}

const sha256WithRsa = () => sequence(objectIdentifier('2a864886f70d01010b'), nothing());
const commonName = '550403';
const yearMs = 365 * DAY_MS;

/**
 * A key of the mailbox's own and its certificate, made anew at every start and kept nowhere.
 * Node makes keys but no certificates; X.509 (RFC 5280) v3 without extensions is these few lines.
 */
export function createSigningKey(now: Date = new Date(), holder = 'Repoint mailbox'): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = sequence(setOf(sequence(objectIdentifier(commonName), utf8(holder))));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const toBeSigned = sequence(
    version(positiveInteger(Buffer.from([2]))),
    positiveInteger(serial),
    sha256WithRsa(),
    name,
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + yearMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('RSA-SHA256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, sha256WithRsa(), bitString(signature));
  return { privateKey, certificate: pem(certificate) };
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
