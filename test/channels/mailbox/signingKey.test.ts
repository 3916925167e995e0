import { sign, verify, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSigningKey } from '../../../src/channels/mailbox/signingKey.ts';

it('makes a certificate that Node reads, that its own key signed and that is valid for a year', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const { privateKey, certificate } = createSigningKey(now);
  const read = new X509Certificate(certificate);
  expect(read.subject).toBe('CN=Repoint mailbox');
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(privateKey)).toBe(true);
  expect(read.validFromDate).toEqual(new Date('2026-11-22T10:00:00Z'));
  expect(read.validToDate).toEqual(new Date('2027-11-23T10:00:00Z'));
  const text = Buffer.from('text');
  expect(verify('RSA-SHA1', text, read.publicKey, sign('RSA-SHA1', text, privateKey))).toBe(true);
});
