import { expect, it } from 'vitest';
import type { MailboxMessage } from '../../../src/channels/mailbox/message.ts';
import { linksIn, renderPage } from '../../../src/channels/mailbox/page.ts';

const attack = `"'><script>alert(1)</script>&amp;`;

function message(change: Partial<MailboxMessage> = {}): MailboxMessage {
  return {
    id: 'mailbox-1',
    channel: 'EMAIL',
    to: 'ann@example.com',
    from: null,
    subject: 'Welcome',
    text: null,
    html: null,
    title: null,
    payload: null,
    body: null,
    tags: {},
    appId: null,
    journeyId: null,
    campaignId: null,
    activityId: null,
    endpointId: null,
    sentAt: '2026-11-23T10:00:00.000Z',
    status: 'accepted',
    ...change,
  };
}

const render = async (messages: MailboxMessage[], notice: string | null = null) =>
  String(await renderPage(messages, notice));

it.each(['id', 'to', 'from', 'subject', 'text', 'html', 'journeyId', 'endpointId'] as const)(
  'escapes %s',
  async (name) => {
    const page = await render([message({ [name]: attack })]);
    expect(page).not.toContain('<script');
    expect(page).not.toContain(`"'>`);
  },
);

it('escapes the notice, a title, a body and the links', async () => {
  const push = message({ channel: 'PUSH', subject: null, title: attack, body: attack });
  const linked = message({ html: `<a href="https://a.example/?q=1&amp;b=<script>">x</a>` });
  expect(await render([push, linked], attack)).not.toContain('<script');
});

it('shows an HTML body in a frame that may do nothing', async () => {
  const page = await render([message({ html: '<p title="x">Hello & bye</p>' })]);
  expect(page).toContain('<iframe sandbox=""');
  expect(page).toContain('srcdoc="&lt;p title=&quot;x&quot;&gt;Hello &amp; bye&lt;/p&gt;"');
});

it('runs no script and offers each event as a form', async () => {
  const page = await render([message({ html: '<a href="https://a.example/x?a=1&amp;b=2">go</a>' })]);
  expect(page).not.toMatch(/<script|onclick/);
  for (const event of ['delivery', 'open', 'click', 'bounce']) expect(page).toContain(`value="${event}"`);
  expect(page).toContain('<option>https://a.example/x?a=1&amp;b=2</option>');
  expect(page).not.toContain('value="unsubscribe"');
  const headers = { 'List-Unsubscribe': '<http://127.0.0.1:7100/unsubscribe/a.b>' };
  expect(await render([message({ headers })])).toContain('value="unsubscribe"');
});

it('finds each link once', () => {
  expect(
    linksIn('<a href="https://a.example/1">x</a> https://b.example <a href=\'https://a.example/1\'>'),
  ).toEqual(['https://a.example/1', 'https://b.example']);
});
