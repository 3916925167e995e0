import type { Command } from 'commander';
import { temporalWorkflowId } from '../client/temporalIds.ts';
import type { OpenDeps } from '../createDeps.ts';
import { listDeadLetters, reviveDeadLetters } from '../db/outbox/deadLetters.ts';
import { badRequest, type Problem, refuseAny } from '../domain/errors.ts';
import { withDeps } from './withDeps.ts';

/** `repoint outbox list | retry`: what was given up on the way to Temporal; works on `DATABASE_URL`. */
export function addOutboxCommands(program: Command): void {
  const outbox = program
    .command('outbox')
    .description('what was given up on the way to Temporal after 20 attempts: list it, try it again');
  outbox
    .command('list')
    .description('print it, a line each: id, kind, application, workflow, since when, attempts, reason')
    .action(() => withDeps(list));
  outbox
    .command('retry [id...]')
    .description('have it delivered after all; harmless when it was')
    .option('--all', 'everything that was given up')
    .action((ids: string[], { all = false }: { all?: boolean }) => withDeps((deps) => retry(deps, ids, all)));
}

async function list({ db, config }: OpenDeps): Promise<void> {
  let count = 0;
  for await (const letter of listDeadLetters(db)) {
    const { id, kind, app_id, workflow_id, died_at, attempts, last_error } = letter;
    const workflow = temporalWorkflowId(config, workflow_id);
    console.log([id, kind, app_id, workflow, died_at.toISOString(), attempts, last_error ?? ''].join('\t'));
    count += 1;
  }
  if (count === 0) console.log('Nothing was given up.');
}

async function retry({ db, clock }: OpenDeps, ids: readonly string[], all: boolean): Promise<void> {
  if (all === ids.length > 0)
    throw badRequest([
      { path: 'retry', message: 'name ids, as `repoint outbox list` prints them, or --all' },
    ]);
  refuseAny(ids.flatMap(wrongId));
  const now = await clock.now();
  const revived = await db.transaction().execute((tx) => reviveDeadLetters(tx, all ? null : ids, now));
  const count = all ? `${revived.length}` : `${revived.length} of ${ids.length}`;
  console.log(`${count} put back${revived.length > 0 ? '; a worker delivers them now' : ''}.`);
}

function wrongId(id: string): Problem[] {
  return /^\d{1,18}$/.test(id) ? [] : [{ path: 'id', message: `must be a number; given "${id}"` }];
}
