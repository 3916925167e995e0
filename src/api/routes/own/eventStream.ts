import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { requireApp } from '../../../db/apps.ts';
import {
  COUNTED,
  deleteStream,
  type EventStream,
  findStream,
  putStream,
  readBacklog,
} from '../../../db/eventStreams.ts';
import type { Deps } from '../../../deps.ts';
import { notFound } from '../../../domain/errors.ts';
import { webhookSecretForm } from '../../../domain/webhookSecret.ts';
import { ownBody } from './ownBody.ts';

const streamRequest = z.strictObject({
  Url: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .max(2_048)
    .refine((text) => {
      const { username, password, hash } = new URL(text);
      return username === '' && password === '' && hash === '';
    }, 'must have no user, password or fragment'),
  Secret: z
    .string()
    .regex(webhookSecretForm, 'must be whsec_ and 24 to 64 bytes in base64')
    .default(() => `whsec_${randomBytes(32).toString('base64')}`),
});

/**
 * `/apps/{id}/event-stream`: how the app's event stream does, whoever put it; and streams to an https endpoint, which
 * Pinpoint does not know. The secret that signs them is answered once, when it is set.
 */
export function eventStreamRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/event-stream', async (context) => {
    const appId = context.req.param('appId');
    return context.json(await statusOf(deps, await existing(deps, appId)));
  });
  routes.put('/apps/:appId/event-stream', async (context) => {
    const appId = context.req.param('appId');
    const { Url, Secret } = await ownBody(context, streamRequest);
    await requireApp(deps.db, appId);
    const destination = { kind: 'https', url: Url, secret: Secret } as const;
    await putStream(deps.db, { appId, destination, modifiedBy: null }, await deps.clock.now());
    return context.json({ Url, Secret });
  });
  routes.delete('/apps/:appId/event-stream', async (context) => {
    const appId = context.req.param('appId');
    await requireApp(deps.db, appId);
    const deleted = await deps.db.transaction().execute((tx) => deleteStream(tx, appId));
    if (deleted === undefined) throw notFound(`event stream of application ${appId}`);
    return context.json(destinationOf(deleted));
  });
  return routes;
}

async function existing({ db }: Deps, appId: string): Promise<EventStream> {
  await requireApp(db, appId);
  const stream = await findStream(db, appId);
  if (stream === undefined) throw notFound(`event stream of application ${appId}`);
  return stream;
}

function destinationOf({ destination }: EventStream): object {
  return destination.kind === 'https' ? { Url: destination.url } : { DestinationStreamArn: destination.arn };
}

async function statusOf({ db, clock }: Deps, stream: EventStream): Promise<object> {
  const { records, oldestAt } = await readBacklog(db, stream.app_id);
  const now = await clock.now();
  return {
    ...destinationOf(stream),
    State: stream.failures > 0 ? 'FAILING' : 'SENDING',
    LagSeconds: oldestAt === null ? 0 : Math.max(0, Math.round((now.getTime() - oldestAt.getTime()) / 1000)),
    Waiting: records,
    ...(records === COUNTED && { WaitingIsAtLeast: true }),
    Delivered: Number(stream.delivered),
    LastDeliveredAt: stream.delivered_at?.toISOString() ?? null,
    Failures: stream.failures,
    LastError: stream.last_error,
    NextTryAt: stream.next_try_at?.toISOString() ?? null,
    Skipped: Number(stream.skipped),
    LastSkip: stream.last_skip,
    Dropped: Number(stream.dropped),
    LastDroppedAt: stream.dropped_at?.toISOString() ?? null,
  };
}
