import { expect, test } from 'vitest';
import { renderTemplate, variablesOf } from '../../src/sending/render.ts';
import {
  noEndpoint,
  readUnsubscribeToken,
  type UnsubscribeLink,
  unsubscribeLink,
  withOneClick,
} from '../../src/sending/unsubscribeLink.ts';

const settings = {
  REPOINT_PUBLIC_URL: 'https://mail.example/prefix/',
  REPOINT_UNSUBSCRIBE_KEYS: ['a key of sixteen or more', 'the key of last year'],
};
const owner = '01930000-0000-7000-8000-000000000001';
const message = { appId: 'a'.repeat(32), owner, seq: 7 };

function urlOf(link: UnsubscribeLink): string {
  if ('problem' in link) throw new Error(link.problem);
  return link.url;
}
const tokenOf = (link: UnsubscribeLink) => urlOf(link).split('/').at(-1) ?? '';

test('a link names its message, and no more than a header may hold', () => {
  const link = unsubscribeLink(settings, message);
  expect(urlOf(link)).toMatch(/^https:\/\/mail\.example\/prefix\/unsubscribe\/[\w-]+\.[\w-]+$/);
  expect(urlOf(link).length).toBeLessThan(300);
  expect(readUnsubscribeToken(settings, tokenOf(link))).toEqual(message);
});

test('a link made before the message has a number knows its endpoint and does not tell it', () => {
  const endpointId = 'ann@example.com';
  const token = tokenOf(unsubscribeLink(settings, { appId: message.appId, owner, endpointId }));
  const about = readUnsubscribeToken(settings, token);
  if (about === null || !('isAbout' in about)) throw new Error('a token of an endpoint');
  expect([about.isAbout(endpointId), about.isAbout('bob@example.com')]).toEqual([true, false]);
  expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).not.toContain('ann');
});

test('a key that signs no more still holds for what it signed; one that was taken out does not', () => {
  const [key, former] = settings.REPOINT_UNSUBSCRIBE_KEYS as [string, string];
  const token = tokenOf(unsubscribeLink({ ...settings, REPOINT_UNSUBSCRIBE_KEYS: [former] }, message));
  expect(readUnsubscribeToken(settings, token)).toEqual(message);
  expect(readUnsubscribeToken({ ...settings, REPOINT_UNSUBSCRIBE_KEYS: [key] }, token)).toBeNull();
  expect(readUnsubscribeToken({ ...settings, REPOINT_UNSUBSCRIBE_KEYS: [] }, token)).toBeNull();
});

test.each([
  ['nothing', () => ''],
  ['a subject alone', ([subject]: string[]) => `${subject}`],
  ['another message', ([, mac]: string[]) => `${Buffer.from(`x ${owner} 8`).toString('base64url')}.${mac}`],
  [
    'a changed signature',
    ([subject, mac = '']: string[]) => `${subject}.${mac.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`,
  ],
  ['a shorter signature', ([subject, mac = '']: string[]) => `${subject}.${mac.slice(0, 20)}`],
  ['something behind it', (parts: string[]) => `${parts.join('.')}.x`],
])('a token of %s is none', (_, forge) => {
  const parts = tokenOf(unsubscribeLink(settings, message)).split('.');
  expect(readUnsubscribeToken(settings, forge(parts))).toBeNull();
});

test('an e-mail gets the headers of RFC 8058 beside its own', () => {
  const link = unsubscribeLink(settings, message);
  const email = { channel: 'EMAIL', subject: 'Hi', headers: [{ Name: 'X-A', Value: 'a' }] } as const;
  expect(withOneClick(email, link).headers).toEqual([
    { Name: 'X-A', Value: 'a' },
    { Name: 'List-Unsubscribe', Value: `<${urlOf(link)}>` },
    { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
  ]);
});

test('an e-mail stays as it is without a link, with a header of its own for that, and where there is no room', () => {
  const link = unsubscribeLink(settings, message);
  const plain = { channel: 'EMAIL', subject: 'Hi' } as const;
  const own = { ...plain, headers: [{ Name: 'list-unsubscribe', Value: '<mailto:a@example.com>' }] };
  const full = { ...plain, headers: Array.from({ length: 14 }, (_, n) => ({ Name: `X-${n}`, Value: 'x' })) };
  expect(withOneClick(plain, noEndpoint)).toBe(plain);
  expect([own, full].map((email) => withOneClick(email, link))).toEqual([own, full]);
});

const showing = {
  content: { type: 'EMAIL', HtmlPart: '<a href="{{repoint.unsubscribeUrl}}">x</a>' },
} as const;
const ann = { address: 'ann@example.com', channel_type: 'EMAIL' };

test('a template shows the link, and no substitution can put another in its place', () => {
  const unsubscribe = unsubscribeLink(settings, message);
  const substitutions = {
    repoint: { unsubscribeUrl: 'https://evil.example' },
    'repoint.unsubscribeUrl': 'x',
  };
  const variables = variablesOf(ann, null, { unsubscribe, substitutions });
  expect(renderTemplate(showing, variables, 'EMAIL')).toMatchObject({
    html: `<a href="${urlOf(unsubscribe)}">x</a>`,
  });
});

test.each([
  [
    'without the settings',
    unsubscribeLink({ REPOINT_UNSUBSCRIBE_KEYS: [] } as never, message),
    /set REPOINT_PUBLIC_URL/,
  ],
  ['to a bare address', noEndpoint, /bare address/],
])('a template that shows it fails with the reason %s; others do not', (_, unsubscribe, reason) => {
  const variables = variablesOf(ann, null, { unsubscribe });
  expect(() => renderTemplate(showing, variables, 'EMAIL')).toThrow(reason);
  const other = { content: { type: 'EMAIL', TextPart: '{{Address}}' } } as const;
  expect(renderTemplate(other, variables, 'EMAIL')).toMatchObject({ text: 'ann@example.com' });
});
