import { isIP } from 'node:net';
import { z } from 'zod';
import { webhookSecretForm } from '../domain/webhookSecret.ts';

export const port = z.coerce.number('a number from 0 to 65535').int().min(0).max(65535);
export const url = z.url({ protocol: /^https?$/ });

export const perSecond = z.coerce.number('a number of messages').min(0.01).max(100_000);

/** `true` or `false`, which is the default. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** What commas separate, without the space around it. */
export function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

/** `KEYID:secret,KEYID2:secret2` */
export const accessKeys = z.string().transform((text, context) => {
  const keys = new Map<string, string>();
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [id, ...secret] = pair.trim().split(':');
    if (!id || secret.length === 0 || secret.join(':') === '') {
      context.addIssue({ code: 'custom', message: 'write KEYID:secret, several separated by commas' });
      return z.NEVER;
    }
    keys.set(id, secret.join(':'));
  }
  return keys as ReadonlyMap<string, string>;
});

/** `10.1.0.0/16,fd00::/8,192.168.1.7`: addresses and ranges of them. */
export const addressRanges = z
  .string()
  .default('')
  .transform((text, context) => {
    const ranges = partsOf(text);
    const wrong = ranges.filter((range) => !isAddressRange(range));
    if (wrong.length === 0) return ranges;
    const message = `${wrong.join(', ')}: write addresses or ranges such as 10.1.0.0/16 or fd00::/8, several separated by commas`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** `whsec_…`, several separated by commas. A wrong one is not quoted: it may be a good secret with a slip. */
export const webhookSecrets = z
  .string()
  .default('')
  .transform((text) => partsOf(text))
  .refine(
    (secrets) => secrets.every((secret) => webhookSecretForm.test(secret)),
    'write whsec_ and 24 to 64 bytes in base64, several separated by commas',
  );

/** `https://sqs.eu-west-1.amazonaws.com/123456789012/events`, several separated by commas. */
export const queueUrls = z
  .string()
  .default('')
  .transform((text, context) => {
    const urls = partsOf(text);
    const wrong = urls.filter((one) => !url.safeParse(one).success);
    if (wrong.length === 0) return urls;
    const message = `${wrong.join(', ')}: write URLs of queues, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, several separated by commas`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
