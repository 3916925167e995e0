import { expect, test } from 'vitest';
import { messageWarnings } from '../../src/templates/sizeWarnings.ts';

const sms = (body: string) => messageWarnings({ type: 'SMS' }, { channel: 'SMS', body });

test.each([
  ['', ['Body: empty; such a message is skipped']],
  ['x'.repeat(160), []],
  ['x'.repeat(161), ['Body: 2 parts, each paid for']],
  [`${'x'.repeat(159)}€`, ['Body: 2 parts, each paid for']],
  [`${'x'.repeat(69)}ł`, []],
  [
    `${'x'.repeat(140)}ł`,
    ['Body: 3 parts, each paid for; a character outside the GSM alphabet halves a part'],
  ],
])('a text message is counted in parts', (body, warnings) => {
  expect(sms(body)).toEqual(warnings);
});

const link = '<a href="{{repoint.unsubscribeUrl}}">x</a>';

test('an e-mail with all that it needs has nothing said of it', () => {
  const content = { type: 'EMAIL', Subject: 's', HtmlPart: link, TextPart: 't' } as const;
  const rendered = { channel: 'EMAIL', subject: 's', html: 'x', text: 't' } as const;
  expect(messageWarnings(content, rendered)).toEqual([]);
  const own = [{ Name: 'List-Unsubscribe', Value: '<https://a.example>' }];
  expect(messageWarnings({ ...content, HtmlPart: 'x' }, { ...rendered, headers: own })).toEqual([]);
});

test('an e-mail that lacks or exceeds has all of it said', () => {
  const html = 'x'.repeat(104_449);
  const content = { type: 'EMAIL', HtmlPart: html } as const;
  expect(messageWarnings(content, { channel: 'EMAIL', subject: '', html, text: 'x' })).toEqual([
    'Subject: empty',
    'TextPart: none; one is made of the HTML for each recipient',
    'HtmlPart: 104449 bytes; Gmail cuts it off at 104448',
    'no unsubscribe link; marketing needs one: {{repoint.unsubscribeUrl}}',
  ]);
  expect(messageWarnings({ type: 'EMAIL', Subject: 's' }, { channel: 'EMAIL', subject: 's' })).toContain(
    'neither HtmlPart nor TextPart; such a message is skipped',
  );
});

test('a push that leaves no room for what is added is too long', () => {
  const push = (body: string) => messageWarnings({ type: 'PUSH' }, { channel: 'PUSH', body });
  expect([push('x'), push('ł'.repeat(2000)).length]).toEqual([[], 1]);
});
