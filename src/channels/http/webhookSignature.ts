import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows who sent a body, and when, as Standard Webhooks says: an HMAC-SHA256 of id,
 * time and body for each secret, so that secrets can be changed without a gap.
 * @param id the same when the same thing is sent again
 * @param timestamp seconds since 1970
 */
export function signatureHeaders(
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: string,
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
