import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { parsedJson } from '../../domain/parsedJson.ts';
import type { AccountDesk } from './account.ts';
import { type AddressAnswers, addressAnswer, setAnswer } from './addressAnswers.ts';
import type { CustomAnswers } from './customWire.ts';
import type { MailboxMessage, PlayedEvent } from './message.ts';
import { statusOfEvent } from './message.ts';
import type { MessageStore } from './messageStore.ts';
import { pagePolicy, renderPage } from './page.ts';
import type { Playback, PlayResult } from './playback.ts';
import { certificatePath } from './topic.ts';
import { type MailboxBindings, readBody } from './wire.ts';

const eventTypes = Object.keys(statusOfEvent) as [PlayedEvent, ...PlayedEvent[]];
const customAnswer = z.object({
  DeliveryUri: z.string().min(1),
  EventAttributes: z.record(z.string(), z.string()).optional(),
});
const eventRequest = z.object({ type: z.enum(eventTypes), link: z.string().optional() });

const count = z.number().min(0);
const accountRequest = z
  .object({
    MaxSendRate: z.number().positive(),
    Max24HourSend: z.union([z.literal(-1), count]),
    SentLast24Hours: count,
    SendingEnabled: z.boolean(),
    ProductionAccessEnabled: z.boolean(),
  })
  .partial();

interface OwnSide {
  readonly store: MessageStore;
  readonly playback: Playback;
  readonly answers: CustomAnswers;
  readonly addresses: AddressAnswers;
  readonly desk: AccountDesk;
  readonly certificate: string;
}

type RouteContext = Context<MailboxBindings>;

/** The mailbox's own side: its page, its JSON and the events it plays back. */
export function mailboxRoutes({
  store,
  playback,
  answers,
  addresses,
  desk,
  certificate,
}: OwnSide): Hono<MailboxBindings> {
  const app = new Hono<MailboxBindings>();
  app.use(refuseOtherSites);
  app.get('/', (context) => {
    const page = renderPage(store.list(), context.req.query('notice') ?? null);
    return context.html(page, 200, {
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
    });
  });
  app.get(certificatePath, (context) =>
    context.body(certificate, 200, { 'content-type': 'application/x-pem-file' }),
  );
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/messages', (context) => {
    const { to, channel } = context.req.query();
    return context.json(store.list().filter((message) => matches(message, to, channel)));
  });
  app.delete('/messages', async (context) => {
    await store.clear();
    return context.body(null, 204);
  });
  app.post('/messages/:id/events', (context) => playEvent(context, store, playback));
  app.put('/custom-answers', (context) => answerCustom(context, answers));
  app.put('/address-answers', (context) => answerAddress(context, addresses));
  app.get('/account', (context) => context.json({ ...desk.account(), ...desk.arrivals() }));
  app.put('/account', (context) => setAccount(context, desk));
  return app;
}

/** From now on the custom channel at a DeliveryUri answers these EventAttributes; without any it answers nothing. */
async function answerCustom(context: RouteContext, answers: CustomAnswers): Promise<Response> {
  const read = await readBody(context, customAnswer);
  if ('refusal' in read) return read.refusal;
  const { DeliveryUri, EventAttributes } = read.body;
  if (EventAttributes === undefined) answers.delete(DeliveryUri);
  else answers.set(DeliveryUri, EventAttributes);
  return context.body(null, 204);
}

/** From now on SendMessages answers this for an address, as for a number that opted out or a token whose device is gone. */
async function answerAddress(context: RouteContext, addresses: AddressAnswers): Promise<Response> {
  const read = await readBody(context, addressAnswer);
  if ('refusal' in read) return read.refusal;
  setAnswer(addresses, read.body);
  return context.body(null, 204);
}

/** From now on the account has these limits, and they are kept to; what was counted begins anew. */
async function setAccount(context: RouteContext, desk: AccountDesk): Promise<Response> {
  const read = await readBody(context, accountRequest);
  if ('refusal' in read) return read.refusal;
  desk.set(read.body);
  return context.json(desk.account());
}

function matches(message: MailboxMessage, to: string | undefined, channel: string | undefined): boolean {
  return (
    (to === undefined || message.to === to) &&
    (channel === undefined || message.channel === channel.toUpperCase())
  );
}

/** A page elsewhere must not press the buttons: browsers say where a request comes from. */
async function refuseOtherSites(
  context: RouteContext,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const site = context.req.header('sec-fetch-site');
  if (context.req.method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return context.json({ error: 'Requests of other sites are refused' }, 403);
  }
  await next();
  return undefined;
}

async function playEvent(context: RouteContext, store: MessageStore, playback: Playback): Promise<Response> {
  const { given, isForm } = readEvent(await context.req.text());
  const request = eventRequest.safeParse(given);
  if (!request.success) {
    return context.json({ error: `type: one of ${eventTypes.join(', ')}; link: text, for a click` }, 400);
  }
  const id = context.req.param('id') ?? '';
  const message = store.find(id);
  if (message === undefined) return context.json({ error: `No message ${id}` }, 404);
  const result = await playback.play(message, request.data.type, request.data.link ?? null);
  if (isForm) return context.redirect(backTo(message, request.data.type, result), 303);
  if (result.kind === 'played') return context.json(store.find(id) ?? message, 202);
  return context.json({ error: result.reason }, result.kind === 'impossible' ? 409 : 502);
}

/** JSON, or the page's own form; curl calls whatever it posts a form, so the content type tells nothing. */
function readEvent(text: string): { readonly given: unknown; readonly isForm: boolean } {
  const json = parsedJson(text);
  if (json !== undefined) return { given: json, isForm: false };
  return { given: Object.fromEntries(new URLSearchParams(text)), isForm: true };
}

function backTo(message: MailboxMessage, event: PlayedEvent, result: PlayResult): string {
  const said = result.kind === 'played' ? `Played ${event}.` : `Could not play ${event}: ${result.reason}`;
  return `/?notice=${encodeURIComponent(said)}#${encodeURIComponent(message.id)}`;
}
