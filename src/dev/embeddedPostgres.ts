import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { prepareData, unusable } from './postgresData.ts';
import { chooseUser, findPostgresPrograms } from './postgresPrograms.ts';
import { type ServerProcess, startServer } from './processes.ts';

export interface PostgresOptions {
  /** Holds the database cluster; made on the first start. */
  readonly dataFolder: string;
  readonly logFile: string;
  readonly port: number;
  /** More of Postgres' settings, each as `name=value`. */
  readonly settings?: readonly string[];
}

export interface EmbeddedPostgres {
  /** Without a database at its end: `postgresql://user:password@host:port`. */
  readonly url: string;
  readonly pid: number;
  /** Settles when the server has ended, with what it printed. */
  readonly ended: Promise<string>;
  /** Creates the database unless it is there; answers its url. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
  /** It does not keep this process alive any more; it still ends with it. */
  unref(): void;
}

/** Also the password: it listens on loopback only and holds development data. */
const user = 'repoint';
const readyTimeoutMs = 60_000;
const wrongPassword = '28P01';

/** Where the embedded Postgres answers. */
export function embeddedPostgresUrl(port: number): string {
  return `postgresql://${user}:${user}@127.0.0.1:${port}`;
}

/**
 * Starts a Postgres of our own on 127.0.0.1; as root too. Its data survives restarts, also after a crash.
 * @throws RepointError Unavailable or Conflict saying what is wrong with the folder and what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { dataFolder, logFile, port } = options;
  const programs = await findPostgresPrograms();
  const runAs = await chooseUser(dataFolder);
  await prepareData(dataFolder, user, programs, runAs);

  const fixed = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  const settings = [...fixed, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
  const args = ['-D', dataFolder, '-p', String(port), ...settings];
  const server = await startServer({ command: programs.postgres, args, logFile, ...runAs });
  const url = embeddedPostgresUrl(port);
  await untilReady(url, server, options);
  return {
    url,
    pid: server.pid,
    ended: server.ended,
    createDatabase: (name) => createDatabase(url, name),
    // SIGINT is Postgres' fast shutdown: it ends sessions instead of waiting for them.
    stop: () => server.stop('SIGINT'),
    unref: server.unref,
  };
}

async function untilReady(url: string, server: ServerProcess, options: PostgresOptions): Promise<void> {
  let lastWords: string | null = null;
  void server.ended.then((printed) => {
    lastWords = printed;
  });
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    if (lastWords !== null)
      throw unusable(options.dataFolder, `does not let Postgres start:\n${lastWords}\n`);
    const problem = await query(url, 'select 1').then(
      () => null,
      (error: Error & { code?: string }) => error,
    );
    if (problem === null) return;
    if (problem.code === wrongPassword || Date.now() > deadline) {
      await server.stop('SIGINT');
      throw unusable(options.dataFolder, `does not serve us: ${problem.message} (see ${options.logFile})`);
    }
    await sleep(50);
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  const there = await query(url, 'select 1 from pg_database where datname = $1', [name]);
  if (there.length === 0) await query(url, `create database ${pg.escapeIdentifier(name)}`);
  return `${url}/${name}`;
}

async function query(url: string, statement: string, values: readonly string[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: `${url}/postgres`, connectionTimeoutMillis: 2_000 });
  // A lost connection is also told to the query that waits for it.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(statement, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
