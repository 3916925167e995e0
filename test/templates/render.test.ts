import { expect, test } from 'vitest';
import { renderContent } from '../../src/templates/render.ts';
import { layered } from '../../src/templates/variables.ts';

const rendering = {
  variables: layered([{ Name: ['<Ann>'], Evil: ['x\r\nBcc: all@example.com'] }]),
  channelType: 'EMAIL',
  now: new Date(0),
};

test('only the HTML part escapes, and a text part that is missing is made of it', () => {
  expect(renderContent({ type: 'EMAIL', Subject: '{{Name}}', HtmlPart: '{{Name}}' }, rendering)).toEqual({
    channel: 'EMAIL',
    subject: '<Ann>',
    html: '&lt;Ann&gt;',
    text: '<Ann>',
  });
  const both = { type: 'EMAIL', HtmlPart: '<p>{{Name}}</p>', TextPart: 'Hi {{Name}}' } as const;
  expect(renderContent(both, rendering)).toMatchObject({ html: '<p>&lt;Ann&gt;</p>', text: 'Hi <Ann>' });
  expect(renderContent({ type: 'EMAIL', TextPart: 'Hi' }, rendering)).toEqual({
    channel: 'EMAIL',
    subject: '',
    text: 'Hi',
  });
  expect(renderContent({ type: 'SMS', Body: '{{Name}}' }, rendering)).toEqual({
    channel: 'SMS',
    body: '<Ann>',
  });
});

test('no variable can add a line to a subject or a header', () => {
  const content = {
    type: 'EMAIL',
    Subject: 'Hi {{Evil}}',
    Headers: [{ Name: 'X-A', Value: '{{Evil}}' }],
  } as const;
  expect(renderContent(content, rendering)).toEqual({
    channel: 'EMAIL',
    subject: 'Hi x Bcc: all@example.com',
    headers: [{ Name: 'X-A', Value: 'x Bcc: all@example.com' }],
  });
});

test('a platform’s part wins over the default, which fills its gaps', () => {
  const content = { type: 'PUSH', Default: { Title: 'D', Body: 'B' }, APNS: { Title: 'A' } } as const;
  const push = (channelType: string) => renderContent(content, { ...rendering, channelType });
  expect(push('APNS_SANDBOX')).toEqual({ channel: 'PUSH', title: 'A', body: 'B' });
  expect(push('GCM')).toEqual({ channel: 'PUSH', title: 'D', body: 'B' });
});
