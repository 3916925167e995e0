import { type Expression, sql } from 'kysely';
import { notFound } from '../domain/errors.ts';
import type { AppRow } from './apps.ts';
import type { Tx } from './database.ts';
import { workflowIdColumn } from './outbox/workflowIds.ts';

/** Tables that hold an app's rows without a foreign key to follow. */
const looseTables = [
  'dirty_endpoint',
  'event',
  'event_key',
  'message',
  'message_attempt',
  'outbox',
  'outbox_dead',
  'request_key',
  'stream_record',
] as const;

/**
 * Erases an app with everything that belongs to it, and asks the relay to delete its executions.
 * @returns the app as it was
 * @throws RepointError NotFound when there is none
 */
export async function deleteApp(tx: Tx, appId: string, now: Date): Promise<AppRow> {
  const app = await tx.selectFrom('app').selectAll().where('id', '=', appId).forUpdate().executeTakeFirst();
  if (app === undefined) throw notFound(`application ${appId}`);
  for (const table of looseTables) await tx.deleteFrom(table).where('app_id', '=', appId).execute();
  await enqueueDeletions(tx, appId, now);
  await tx.deleteFrom('app').where('id', '=', appId).execute();
  return app;
}

/** As rows of the outbox straight out of the tables: there may be a million open entries. */
async function enqueueDeletions(tx: Tx, appId: string, now: Date): Promise<void> {
  await enqueueDeletionOf(
    tx,
    now,
    tx
      .selectFrom('journey_entry')
      .select(['app_id', workflowIdColumn('journey').as('workflow_id')])
      .where('app_id', '=', appId)
      .where('ended_at', 'is', null),
  );
  await enqueueDeletionOf(
    tx,
    now,
    tx
      .selectFrom('journey')
      .select(['app_id', workflowIdColumn('journeyLife').as('workflow_id')])
      .where('app_id', '=', appId)
      .where('published_at', 'is not', null),
  );
  await enqueueDeletionOf(
    tx,
    now,
    tx
      .selectFrom('campaign')
      .select(['app_id', workflowIdColumn('campaignRun').as('workflow_id')])
      .where('app_id', '=', appId)
      .where('state', 'in', ['SCHEDULED', 'EXECUTING']),
  );
  await enqueueDeletionOf(
    tx,
    now,
    tx
      .selectFrom('import_job')
      .select(['app_id', workflowIdColumn('importJob').as('workflow_id')])
      .where('app_id', '=', appId)
      .where('completed_at', 'is', null),
  );
}

async function enqueueDeletionOf(
  tx: Tx,
  now: Date,
  executions: Expression<{ app_id: string; workflow_id: string }>,
): Promise<void> {
  await tx
    .insertInto('outbox')
    .columns(['app_id', 'workflow_id', 'lane', 'kind', 'not_before', 'created_at'])
    .expression((eb) =>
      eb
        .selectFrom(sql<{ app_id: string; workflow_id: string }>`(${executions})`.as('execution'))
        .select([
          'execution.app_id',
          'execution.workflow_id',
          sql<number>`2::smallint`.as('lane'),
          sql<string>`'delete'`.as('kind'),
          sql<Date>`${now}::timestamptz`.as('not_before'),
          sql<Date>`${now}::timestamptz`.as('created_at'),
        ]),
    )
    .execute();
}
