import { type Context, Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { unsubscribe } from '../../ingest/feedback/unsubscribe.ts';
import { readUnsubscribeToken } from '../../sending/unsubscribeLink.ts';
import { type UnsubscribePage, unsubscribePage } from './page.ts';

/**
 * `/unsubscribe/{token}`: the link that messages carry. Not signed by callers: the token is its proof. GET asks and changes
 * nothing, since programs follow links; POST acts on the page's form, and on the one that mail programs send (RFC 8058).
 */
export function unsubscribeRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.get('/:token', (context) => {
    const isOurs = readUnsubscribeToken(deps.config, context.req.param('token')) !== null;
    return isOurs ? show(context, 'ask') : show(context, 'unknown', 404);
  });
  app.post('/:token', async (context) => {
    if (!(await asksToLeave(context))) return show(context, 'unclear', 400);
    const known = await unsubscribe(deps, context.req.param('token'));
    return known ? show(context, 'done') : show(context, 'unknown', 404);
  });
  return app;
}

/** RFC 8058, section 3.2: a form, urlencoded or in parts. A body of another kind is an empty form to Hono. */
async function asksToLeave(context: Context): Promise<boolean> {
  const form = await context.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  return form['List-Unsubscribe'] === 'One-Click' || form.answer === 'unsubscribe';
}

/** Nobody else may learn the address, frame the page or keep it. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function show(context: Context, page: UnsubscribePage, status: 200 | 400 | 404 = 200): Response {
  return context.html(unsubscribePage(page), status, headers);
}
