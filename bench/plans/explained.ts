import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from '../../src/db/database.ts';
import { PreparingClient } from '../../src/db/prepared.ts';
import type { Tables } from '../../src/db/tables.ts';

/** A node of a plan as Postgres tells it (EXPLAIN, FORMAT JSON), with what really happened. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement that was run. */
export interface Explained {
  readonly sql: string;
  readonly milliseconds: number;
  readonly plan: PlanNode;
}

export interface ExplainingDatabase {
  readonly db: Database;
  /** The statements since the last call, oldest first, those of triggers and functions among them. */
  taken(): Explained[];
}

const settings = [
  'session_preload_libraries=auto_explain',
  'auto_explain.log_min_duration=0',
  'auto_explain.log_analyze=on',
  'auto_explain.log_buffers=on',
  'auto_explain.log_timing=off',
  'auto_explain.log_nested_statements=on',
  'auto_explain.log_format=json',
  'auto_explain.log_level=notice',
];

/**
 * A database that tells the plan of everything that runs on it, by Postgres' own auto_explain: what is looked at is what
 * the code did, with the values it bound. Its user must be a superuser.
 * @param more settings of Postgres
 */
export function openExplaining(url: string, more: readonly string[] = []): ExplainingDatabase {
  let explained: Explained[] = [];
  const options = [...settings, ...more].map((one) => `-c ${one}`).join(' ');
  const pool = new pg.Pool({ connectionString: url, options, Client: PreparingClient });
  // The server may be stopped while a closed connection still says goodbye.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('notice', ({ message }) => {
      const one = parse(message ?? '');
      if (one) explained.push(one);
    });
  });
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    taken: () => {
      const all = explained;
      explained = [];
      return all;
    },
  };
}

function parse(message: string): Explained | undefined {
  const found = /^duration: ([\d.]+) ms\s+plan:\s*(\{.*)$/s.exec(message);
  if (found === null) return undefined;
  const told = JSON.parse(found[2] ?? '') as { 'Query Text': string; Plan: PlanNode };
  return { sql: told['Query Text'], milliseconds: Number(found[1]), plan: told.Plan };
}

/** Every node of a plan, outermost first. */
export function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Rows a node has looked at in its table or index, those it threw away included. */
export function rowsRead(node: PlanNode): number {
  if (!node['Node Type'].includes('Scan') || node['Node Type'] === 'Bitmap Index Scan') return 0;
  const each =
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return Math.round(each * (node['Actual Loops'] ?? 1));
}

/** Pages of 8 KB a statement has looked at. */
export function pagesRead({ plan }: Explained): number {
  return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
}
