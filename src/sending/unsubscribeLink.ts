import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import type { RenderedEmail } from '../templates/rendered.ts';

export type UnsubscribeSettings = Pick<Config, 'REPOINT_PUBLIC_URL' | 'REPOINT_UNSUBSCRIBE_KEYS'>;

/** A message with a link, as its token names it: by its number, or, of a request's, by its endpoint. */
export type LinkedMessage = { readonly appId: string; readonly owner: string } & (
  | { readonly seq: number }
  | { readonly endpointId: string }
);

/** What a token that we signed is about. */
export type TokenSubject = { readonly appId: string; readonly owner: string } & (
  | { readonly seq: number }
  | { readonly isAbout: (endpointId: string) => boolean }
);

/** Where its reader can have no more messages, or why there is no such place. */
export type UnsubscribeLink = { readonly url: string } | { readonly problem: string };

/** A message to a bare address: there is no endpoint to opt out. */
export const noEndpoint: UnsubscribeLink = { problem: 'a message to a bare address has no unsubscribe link' };

const notSet: UnsubscribeLink = { problem: 'set REPOINT_PUBLIC_URL and REPOINT_UNSUBSCRIBE_KEYS' };

/** The link of a message. It names the message by our own ids, holds nothing of the person, and is valid as long as the message is known. */
export function unsubscribeLink(settings: UnsubscribeSettings, message: LinkedMessage): UnsubscribeLink {
  const { REPOINT_PUBLIC_URL: publicUrl, REPOINT_UNSUBSCRIBE_KEYS: keys } = settings;
  const [key] = keys;
  if (publicUrl === undefined || key === undefined) return notSet;
  const which = 'seq' in message ? String(message.seq) : digest(key, message.owner, message.endpointId);
  const subject = `${message.appId} ${message.owner} ${which}`;
  const token = `${Buffer.from(subject).toString('base64url')}.${sign(key, subject).toString('base64url')}`;
  return { url: `${publicUrl.replace(/\/+$/, '')}/unsubscribe/${token}` };
}

/** What a token is about; null for one that we did not sign. */
export function readUnsubscribeToken(settings: UnsubscribeSettings, token: string): TokenSubject | null {
  const [text = '', signature = '', ...more] = token.split('.');
  const subject = Buffer.from(text, 'base64url').toString();
  const given = Buffer.from(signature, 'base64url');
  const key = settings.REPOINT_UNSUBSCRIBE_KEYS.find((one) => isSame(sign(one, subject), given));
  const [appId, owner, which] = subject.split(' ');
  if (key === undefined || more.length > 0 || !appId || !owner || !which) return null;
  if (/^\d+$/.test(which)) return { appId, owner, seq: Number(which) };
  return { appId, owner, isAbout: (endpointId) => digest(key, owner, endpointId) === which };
}

function sign(key: string, subject: string): Buffer {
  return createHmac('sha256', key).update(`unsubscribe ${subject}`).digest();
}

/** An endpoint's id may be somebody's address: a link shows no more of it than the key's owner can tell. */
function digest(key: string, owner: string, endpointId: string): string {
  const keyed = createHmac('sha256', key).update(JSON.stringify(['endpoint', owner, endpointId]));
  return `e${keyed.digest('base64url').slice(0, 22)}`;
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SES takes so many headers of a message's own. */
const HEADERS_MAX = 15;

/**
 * An e-mail with the headers of one-click unsubscription (RFC 8058), which mail programs show as a button. A message with
 * a List-Unsubscribe of its own keeps that, and one whose own headers leave no room goes without.
 */
export function withOneClick(email: RenderedEmail, link: UnsubscribeLink): RenderedEmail {
  const own = email.headers ?? [];
  const hasOwn = own.some(({ Name }) => Name.toLowerCase().startsWith('list-unsubscribe'));
  if (!('url' in link) || hasOwn || own.length > HEADERS_MAX - 2) return email;
  const added = [
    { Name: 'List-Unsubscribe', Value: `<${link.url}>` },
    { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
  ];
  return { ...email, headers: [...own, ...added] };
}
