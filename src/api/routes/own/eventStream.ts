import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { requireApp } from '../../../db/apps.ts';
import { deleteStream, type EventStream, findStream, putStream } from '../../../db/streams/eventStreams.ts';
import type { Deps } from '../../../deps.ts';
import { notFound } from '../../../domain/errors.ts';
import { webhookSecretForm } from '../../../domain/webhookSecret.ts';
import { destinationOf, streamStatus } from '../../../streams/streamStatus.ts';
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
    return context.json(await streamStatus(deps, await existing(deps, appId)));
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
