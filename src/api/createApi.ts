import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Deps } from '../deps.ts';
import { notFound } from '../domain/errors.ts';
import type { ApiEnv } from './apiEnv.ts';
import { type Access, authorize, requireKeys } from './authorize.ts';
import type { RawRequest } from './canonicalRequest.ts';
import { dispatch } from './dispatch.ts';
import { translateError, type WireError } from './errors.ts';
import type { Handlers } from './handler.ts';
import { handlers } from './handlers.ts';
import { type HealthChecks, healthAnswer } from './health.ts';
import { idempotencyKeyHeader } from './invocation.ts';
import { incomplete, limitBody } from './limitBody.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { splitTarget } from './requestTarget.ts';
import { ownRoutes } from './routes/own/ownRoutes.ts';
import { unsubscribeRoutes } from './unsubscribe/unsubscribeRoutes.ts';
import { warningsHeader } from './warnings.ts';
import { webhookRoutes } from './webhooks/webhookRoutes.ts';

export interface ApiOptions {
  /** What `GET /healthz` asks; none means that it always answers 200. */
  readonly health?: HealthChecks;
  /** In place of Repoint's own table. */
  readonly handlers?: Handlers;
}

type ApiContext = Context<ApiEnv>;

/**
 * The HTTP API: Pinpoint's under `/v1`, Repoint's own under `/repoint/v1`, providers' under `/webhooks`,
 * and under `/unsubscribe` what recipients follow.
 * @throws RepointError BadRequest when the policy is strict and no access key is set
 */
export function createApi(deps: Deps, options: ApiOptions = {}): Hono<ApiEnv> {
  requireKeys(deps.config);
  const app = new Hono<ApiEnv>();
  app.use(async (context, next) => {
    context.set('requestId', randomUUID());
    context.set('warnings', []);
    await next();
    context.res.headers.set('x-amzn-RequestId', context.var.requestId);
    const { warnings } = context.var;
    if (warnings.length > 0) context.res.headers.set('x-repoint-warnings', warningsHeader(warnings));
  });
  app.get('/healthz', (context) => answerHealth(context, options.health ?? {}));
  const metrics = createMetrics(deps);
  app.get('/metrics', (context) => answerMetrics(context, metrics));
  app.use(limitBody);
  app.use('/v1/*', (context, next) => admit(context, deps, next));
  app.use('/repoint/v1/*', (context, next) => admit(context, deps, next));
  app.all('/v1/*', (context) => answerOperation(context, deps, options.handlers ?? handlers));
  app.route('/repoint/v1', ownRoutes(deps));
  app.route('/webhooks', webhookRoutes(deps));
  app.route('/unsubscribe', unsubscribeRoutes(deps));
  app.notFound((context) => refuse(context, deps, notFound(`${context.req.method} ${context.req.path}`)));
  app.onError((error, context) => refuse(context, deps, error));
  return app;
}

async function answerHealth(context: ApiContext, checks: HealthChecks): Promise<Response> {
  const { status, body } = await healthAnswer(checks);
  return context.json(body, status);
}

async function answerMetrics(context: ApiContext, metrics: Metrics): Promise<Response> {
  if (!metrics.admits(context.req.header('authorization'))) return context.text('Unauthorized', 401);
  return context.body(await metrics.text(), 200, { 'content-type': metrics.contentType });
}

/** Lets only those in who may call. */
async function admit(
  context: ApiContext,
  deps: Deps,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const request = await rawRequest(context);
  const access: Access = authorize(request, deps.config, context.env.incoming.socket.remoteAddress);
  if (access.kind === 'refused') {
    return respond(context, { status: 403, type: access.type, message: access.message });
  }
  context.set('accessKeyId', access.keyId);
  await next();
  if (access.kind === 'unverified') context.res.headers.set('x-repoint-auth', 'unverified');
  return undefined;
}

/** What came over the wire; the body is read once and kept by Hono. */
async function rawRequest(context: ApiContext): Promise<RawRequest> {
  const { incoming } = context.env;
  return {
    method: incoming.method ?? '',
    target: splitTarget(incoming.url ?? ''),
    rawHeaders: incoming.rawHeaders,
    body: await readBody(context),
  };
}

async function readBody(context: ApiContext): Promise<Uint8Array> {
  try {
    return new Uint8Array(await context.req.arrayBuffer());
  } catch (error) {
    throw incomplete(error);
  }
}

async function answerOperation(context: ApiContext, deps: Deps, table: Handlers): Promise<Response> {
  const { requestId, warnings, accessKeyId } = context.var;
  const headers = new Headers(jsonType);
  const { status, body } = await dispatch(await rawRequest(context), table, {
    deps,
    requestId,
    accessKeyId,
    invocationId: context.req.header('amz-sdk-invocation-id'),
    isRepeat: false,
    idempotencyKey: context.req.header(idempotencyKeyHeader),
    warn: (text) => {
      warnings.push(text);
      deps.log.warn({ requestId, warning: text }, 'request accepted with a warning');
    },
    hint: (text) => warnings.push(text),
    setHeader: (name, value) => headers.set(name, value),
  });
  return new Response(body === '' ? null : body, { status, headers });
}

const jsonType = { 'content-type': 'application/json' };

function refuse(context: ApiContext, deps: Deps, error: unknown): Response {
  return respond(context, translateError(error, deps.log, context.var.requestId));
}

function respond(context: ApiContext, error: WireError): Response {
  const { requestId } = context.var;
  const Problems = error.problems?.map(({ path: Path, message: Message }) => ({ Path, Message }));
  return new Response(JSON.stringify({ Message: error.message, RequestID: requestId, Problems }), {
    status: error.status,
    headers: { ...jsonType, 'x-amzn-ErrorType': error.type },
  });
}
