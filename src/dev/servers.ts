import path from 'node:path';
import { readTemporalSettings, type TemporalSettings } from '../client/connectTemporal.ts';
import type { DataFolder } from './dataFolder.ts';
import { startPostgres } from './embeddedPostgres.ts';
import { findTemporalCli } from './findTemporal.ts';
import type { StackSettings } from './stackSettings.ts';
import { startTemporalServer } from './temporalServer.ts';
import type { Undoing } from './undo.ts';

export interface ServerContext {
  readonly settings: StackSettings;
  readonly env: Record<string, string | undefined>;
  readonly folder: DataFolder;
  readonly undo: Undoing;
  readonly say: (line: string) => void;
  /** Called when a server of ours ended that should not have. */
  readonly failed: (name: string, printed: string) => void;
}

/** Postgres as DATABASE_URL says, else our own; answers the database's url. */
export async function providePostgres(context: ServerContext): Promise<string> {
  const { config } = context.settings;
  if (config.DATABASE_URL !== undefined) {
    context.say('Postgres: the one that DATABASE_URL names');
    return config.DATABASE_URL;
  }
  const postgres = await startPostgres({
    dataFolder: path.join(context.folder.path, 'postgres'),
    logFile: path.join(context.folder.path, 'logs', 'postgres.log'),
    port: config.REPOINT_POSTGRES_PORT,
  });
  context.undo.push(() => postgres.stop());
  void postgres.ended.then((printed) => context.failed('Postgres', printed));
  await context.folder.record(postgres.pid);
  return postgres.createDatabase('repoint');
}

export interface ProvidedTemporal {
  readonly settings: TemporalSettings;
  readonly uiUrl: string | undefined;
}

/** Temporal as TEMPORAL_ADDRESS and its companions say, else our own dev server. */
export async function provideTemporal(context: ServerContext): Promise<ProvidedTemporal> {
  const { config, embedsTemporal } = context.settings;
  if (!embedsTemporal) {
    context.say('Temporal: the one that TEMPORAL_ADDRESS names');
    return { settings: readTemporalSettings(context.env), uiUrl: config.REPOINT_TEMPORAL_UI_URL };
  }
  const temporal = await startTemporalServer({
    program: await findTemporalCli({ env: context.env, say: context.say }),
    port: config.REPOINT_TEMPORAL_PORT,
    uiPort: config.REPOINT_TEMPORAL_UI_PORT,
    databaseFile: path.join(context.folder.path, 'temporal.db'),
    logFile: path.join(context.folder.path, 'logs', 'temporal.log'),
  });
  context.undo.push(() => temporal.stop());
  void temporal.ended.then((printed) => context.failed('Temporal', printed));
  await context.folder.record(temporal.pid);
  return { settings: temporal.settings, uiUrl: config.REPOINT_TEMPORAL_UI_URL ?? temporal.uiUrl };
}
