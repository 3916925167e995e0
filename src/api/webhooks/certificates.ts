import { type KeyObject, X509Certificate } from 'node:crypto';
import { certificatePath, mailboxTopicArn } from '../../channels/mailbox/topic.ts';
import { mailboxUrl } from '../../channels/upstreamAddress.ts';
import type { Config } from '../../config.ts';
import { RepointError } from '../../domain/errors.ts';
import type { SnsEnvelope } from '../../domain/snsEnvelope.ts';
import { certificateUrl } from './awsUrl.ts';
import { type FetchText, fetchText } from './fetchText.ts';

const keptMax = 16;

/** Finds the key that an envelope must have been signed with. */
export type FindKey = (envelope: SnsEnvelope) => Promise<KeyObject>;

/**
 * Keys out of the certificates SNS serves (fetched once each); and, while delivery is mailbox, for the mailbox's
 * own topic out of the certificate at the mailbox's configured address, whatever address the envelope names.
 */
export function createKeyFinder(config: Config, fetch: FetchText = fetchText): FindKey {
  const kept = new Map<string, X509Certificate>();
  return async (envelope) => {
    if (isMailbox(config, envelope.TopicArn)) {
      // A mailbox makes a new key at every start, so its certificate is not kept.
      return keyOf(new X509Certificate(await fetch(new URL(certificatePath, mailboxUrl(config)))));
    }
    const url = certificateUrl(envelope.SigningCertURL);
    if (url === null) throw new RepointError('Forbidden', 'SigningCertURL: not a certificate of SNS');
    const known = kept.get(url.href);
    if (known !== undefined) return keyOf(known);
    const certificate = new X509Certificate(await fetch(url));
    const [oldest] = kept.keys();
    if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest);
    kept.set(url.href, certificate);
    return keyOf(certificate);
  };
}

/** The mailbox's topic counts only while delivery is mailbox: its key proves nothing about AWS. */
export function isMailbox(config: Config, topicArn: string): boolean {
  return config.REPOINT_DELIVERY === 'mailbox' && topicArn === mailboxTopicArn;
}

function keyOf(certificate: X509Certificate): KeyObject {
  const now = Date.now();
  if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) {
    throw new RepointError('Forbidden', 'SigningCertURL: the certificate is not valid at this time');
  }
  return certificate.publicKey;
}
