import { html } from 'hono/html';
import type { MailboxMessage, PlayedEvent } from './message.ts';
import { oneClickPath } from './oneClick.ts';

/**
 * The page's policy; a mail's frame inherits it. Nothing is loaded from anywhere, nothing runs, forms go home only.
 */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const buttons: Record<MailboxMessage['channel'], readonly PlayedEvent[]> = {
  EMAIL: ['delivery', 'open', 'click', 'bounce', 'complaint', 'reject', 'unsubscribe'],
  SMS: ['delivery', 'bounce', 'complaint', 'stop', 'start'],
  PUSH: ['open'],
  VOICE: [],
  CUSTOM: [],
};

/** The mailbox for a person's eyes: newest first, with a button for each event that can be played. */
export function renderPage(messages: readonly MailboxMessage[], notice: string | null) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Repoint mailbox (${messages.length})</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
  article { border: 1px solid #c8c8c8; border-radius: 6px; padding: 1rem; margin: 1rem 0; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0 0 .75rem; }
  dt { color: #595959; } dd { margin: 0; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: .75rem; }
  iframe { width: 100%; height: 16rem; border: 1px solid #c8c8c8; background: #fff; }
  form { display: inline-block; margin: .25rem .25rem 0 0; }
  [role=status] { background: #fff4ce; padding: .5rem .75rem; }
</style>
</head>
<body>
<h1>Mailbox</h1>
<p>Everything Repoint sent while it delivers to the mailbox; nothing left this machine. As JSON: <a href="/messages">/messages</a>.</p>
${notice === null ? '' : html`<p role="status">${notice}</p>`}
${messages.length === 0 ? html`<p>No message yet.</p>` : messages.toReversed().map(article)}
</body>
</html>`;
}

function article(message: MailboxMessage) {
  return html`<article id="${message.id}">
<h2>${message.subject ?? message.title ?? message.text?.slice(0, 60) ?? '(no subject)'}</h2>
<dl>
${row('Channel', message.channel)}${row('To', message.to)}${row('From', message.from)}${row('Sent', message.sentAt)}
${row('Status', message.status)}${row('Journey', message.journeyId)}${row('Campaign', message.campaignId)}
${row('Step', message.activityId)}${row('Endpoint', message.endpointId)}
</dl>
${content(message)}
${buttons[message.channel].map((event) => (forms[event] ?? eventForm)(message, event))}
</article>`;
}

function row(name: string, value: string | null) {
  return value === null ? '' : html`<dt>${name}</dt><dd>${value}</dd>`;
}

function content(message: MailboxMessage) {
  // sandbox without a value: no scripts, no forms, no way out of the frame, an origin of its own.
  if (message.html !== null) {
    return html`<iframe sandbox="" referrerpolicy="no-referrer" title="Body of the e-mail" srcdoc="${message.html}"></iframe>`;
  }
  const text = message.text ?? message.body;
  return text === null ? '' : html`<pre>${text}</pre>`;
}

function eventForm(message: MailboxMessage, event: PlayedEvent) {
  return html`<form method="post" action="/messages/${encodeURIComponent(message.id)}/events">
<button name="type" value="${event}">${event}</button></form>`;
}

/** Events that not every message can have. */
const forms: Partial<Record<PlayedEvent, (message: MailboxMessage, event: PlayedEvent) => unknown>> = {
  click: clickForm,
  unsubscribe: (message, event) => ('path' in oneClickPath(message) ? eventForm(message, event) : ''),
};

function clickForm(message: MailboxMessage) {
  const links = linksIn(message.html ?? message.text ?? '');
  if (links.length === 0) return '';
  return html`<form method="post" action="/messages/${encodeURIComponent(message.id)}/events">
<select name="link" aria-label="Link">${links.map((link) => html`<option>${link}</option>`)}</select>
<button name="type" value="click">click</button></form>`;
}

/** The web addresses in a body, each once, in their order. */
export function linksIn(body: string): string[] {
  const found = body.match(/https?:\/\/[^\s"'<>)]+/g) ?? [];
  return [...new Set(found.map((link) => link.replaceAll('&amp;', '&')))];
}
