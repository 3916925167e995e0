import { Hono } from 'hono';
import { z } from 'zod';
import { parseWith } from '../../../contract/zodProblems.ts';
import type { Deps } from '../../../deps.ts';
import { badRequest } from '../../../domain/errors.ts';
import { parseTemplateType } from '../templates/templateActions.ts';
import { previewTemplate } from '../templates/templatePreview.ts';

const previewQuery = z.strictObject({
  'application-id': z.string().optional(),
  endpoint: z.string().optional(),
  version: z.string().optional(),
});

/**
 * `/templates/{name}/{type}/preview?application-id=…&endpoint=…&version=…`: what an endpoint would get, or somebody of whom
 * nothing is known, and what is suspicious about the template.
 */
export function templatePreviewRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/templates/:name/:type/preview', async (context) => {
    const { name } = context.req.param();
    const type = parseTemplateType(context.req.param('type'));
    if (type === 'INAPP') throw badRequest([inApp]);
    const query = parseWith(previewQuery, context.req.query());
    return context.json(
      await previewTemplate(deps, {
        name,
        type,
        version: query.version,
        appId: query['application-id'],
        endpointId: query.endpoint,
      }),
    );
  });
  return routes;
}

const inApp = {
  path: 'template-type',
  message:
    'must be EMAIL, SMS, PUSH or VOICE: an in-app template has no variables, and is shown as it stands',
};
