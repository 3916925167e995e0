import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { type HealthChecks, healthAnswer } from './api/health.ts';
import { createMetrics, type Metrics } from './api/metrics.ts';
import { readTemporalSettings } from './client/connectTemporal.ts';
import { readConfig } from './config.ts';
import { createDeps } from './createDeps.ts';
import { requireMigrated } from './db/migrate.ts';
import type { Deps } from './deps.ts';
import { requireFreePorts } from './dev/ports.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { openTemporal } from './openTemporal.ts';
import { type Running, runUntilStopped } from './runUntilStopped.ts';
import { runWorker } from './runWorker.ts';
import { installTemporalRuntime } from './temporalRuntime.ts';
import { bundleWorkflows } from './workflowBundle.ts';

/**
 * Runs a worker until a signal: `repoint worker`. Any number of them share the work.
 * @param bundle the workflows; absent: they are bundled now
 */
export function runWorkerProcess(
  env: Record<string, string | undefined>,
  bundle?: WorkflowBundleOption,
): Promise<void> {
  return runUntilStopped(() => startWorkerProcess(env, bundle));
}

async function startWorkerProcess(
  env: Record<string, string | undefined>,
  givenBundle?: WorkflowBundleOption,
): Promise<Running> {
  const config = readConfig(env);
  const log = createLog(config.REPOINT_LOG_LEVEL);
  installTemporalRuntime(log);
  const deps = createDeps(config, log);
  await requireMigrated(deps.db);
  const { REPOINT_HOST: host, REPOINT_WORKER_PORT: port } = config;
  await requireFreePorts([{ port, host, setting: 'REPOINT_WORKER_PORT', what: "the worker's health" }]);
  const [temporal, bundle] = await Promise.all([
    openTemporal(readTemporalSettings(env)),
    givenBundle ?? bundleWorkflows(log),
  ]);
  const worker = await runWorker(deps, temporal, bundle);
  const checks = { postgres: deps.checkDatabase, temporal: temporal.check };
  const health = await serveHealth(deps, checks, () => ({ feedback: worker.feedback() }));
  log.info({ namespace: temporal.namespace, taskQueue: config.REPOINT_TASK_QUEUE }, 'worker is up');
  return {
    ended: worker.ended,
    stop: async () => {
      await worker.stop();
      health.close();
      await temporal.close();
      await deps.close();
      log.info('worker has stopped');
    },
  };
}

/**
 * `GET /metrics`, and `GET /healthz`, for whoever restarts processes that do not work. `facts` are told too and make no worker unwell: a
 * queue that cannot be heard is not mended by a restart.
 */
async function serveHealth(deps: Deps, checks: HealthChecks, facts: () => object): Promise<Server> {
  const metrics = createMetrics(deps);
  const server = createServer((request, response) => {
    const answer = request.url === '/metrics' ? metricsAnswer(metrics, request) : healthOf(checks, facts);
    answer.then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => {
        deps.log.error({ err: error, path: request.url }, 'could not be answered');
        response.writeHead(500).end();
      },
    );
  });
  const { REPOINT_HOST: host, REPOINT_WORKER_PORT: port } = deps.config;
  await listen(server, { host, port });
  return server;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function healthOf(checks: HealthChecks, facts: () => object): Promise<Answer> {
  const { status, body } = await healthAnswer(checks);
  return { status, type: 'application/json', body: JSON.stringify({ ...body, ...facts() }) };
}

async function metricsAnswer(metrics: Metrics, request: IncomingMessage): Promise<Answer> {
  if (!metrics.admits(request.headers.authorization))
    return { status: 401, type: 'text/plain', body: 'Unauthorized' };
  return { status: 200, type: metrics.contentType, body: await metrics.text() };
}
