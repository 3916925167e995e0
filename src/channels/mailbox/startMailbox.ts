import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { RepointError } from '../../domain/errors.ts';
import { listen } from '../../listen.ts';
import type { Log } from '../../log.ts';
import { createAccountDesk } from './account.ts';
import { type AddressAnswers, answerFor } from './addressAnswers.ts';
import { type CustomAnswers, customWire } from './customWire.ts';
import type { Faults } from './faults.ts';
import { createIntake } from './intake.ts';
import { mailboxRoutes } from './mailboxRoutes.ts';
import { openMessageStore } from './messageStore.ts';
import { pinpointWire } from './pinpointWire.ts';
import { createPlayback } from './playback.ts';
import { sesWire } from './sesWire.ts';
import { createSigningKey } from './signingKey.ts';
import { suppressionWire } from './suppressionWire.ts';
import { awsError, type MailboxBindings } from './wire.ts';

export interface MailboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Where messages are kept, one JSON object a line; made when missing. */
  readonly dataFile: string;
  /** The API that hears of sends and events; a function where it is not known yet. */
  readonly apiUrl: string | (() => string);
  readonly log: Log;
  /** With which opened pushes are told to the API; by default a key that only the embedded policy lets pass. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** For tests. */
  readonly faults?: Faults;
  /** Waits before further tries to tell the API of a send. */
  readonly retryDelaysMs?: readonly number[];
}

export interface Mailbox {
  readonly url: string;
  /** Resolves when every notification that was begun has been answered. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** The API may be starting, or restarting. */
const retryDelaysMs = [500, 2_000, 5_000, 20_000];

/**
 * Starts the server that stands in for SES v2 and for Pinpoint's sending side: it keeps what it is given,
 * shows it, and plays back what providers and people would do.
 * @throws RepointError Unavailable when the port is taken
 */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const store = await openMessageStore(options.dataFile);
  const key = createSigningKey();
  let url = '';
  const apiUrl = options.apiUrl;
  const playback = createPlayback({
    store,
    key,
    log: options.log,
    credentials: options.credentials ?? { accessKeyId: 'MAILBOX', secretAccessKey: 'mailbox' },
    mailboxUrl: () => url,
    retryDelaysMs: options.retryDelaysMs ?? retryDelaysMs,
    apiUrl: typeof apiUrl === 'function' ? apiUrl : () => apiUrl,
  });
  const pending = new Set<Promise<void>>();
  const addresses: AddressAnswers = new Map();
  const faults: Faults = (request) => options.faults?.(request) ?? answerFor(addresses, request);
  const intake = createIntake(store, faults, (message) => {
    const sent = playback.announceSend(message).finally(() => pending.delete(sent));
    pending.add(sent);
  });
  const desk = createAccountDesk();
  const app = new Hono<MailboxBindings>();
  app.route('/', sesWire(intake, desk));
  const answers: CustomAnswers = new Map();
  app.route('/', pinpointWire(intake));
  app.route('/', suppressionWire(store));
  app.route('/', customWire(intake, answers));
  app.route('/', mailboxRoutes({ store, playback, answers, addresses, desk, certificate: key.certificate }));
  app.notFound((context) =>
    awsError(
      context,
      404,
      'NotFoundException',
      `The mailbox has no ${context.req.method} ${context.req.path}`,
    ),
  );
  app.onError((error, context) => {
    options.log.error({ err: error, path: context.req.path }, 'the mailbox failed');
    return context.json({ message: 'The mailbox failed; its log says why' }, 500);
  });
  const server = await serve(app, options);
  url = server.url;
  const settled = async () => {
    while (pending.size > 0) await Promise.all(pending);
  };
  const close = async () => {
    playback.stop();
    await server.close();
    await settled();
  };
  return { url, settled, close };
}

async function serve(app: Hono<MailboxBindings>, options: MailboxOptions) {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  const url = await listen(server, options).catch((cause: NodeJS.ErrnoException) => {
    throw new RepointError(
      'Unavailable',
      cause.code === 'EADDRINUSE'
        ? `Port ${options.port} is in use; set REPOINT_MAILBOX_PORT to another`
        : `The mailbox cannot listen on ${options.host}:${options.port}: ${cause.message}`,
      { cause },
    );
  });
  return {
    url,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
