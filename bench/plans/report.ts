import { type Explained, nodesOf, type PlanNode, pagesRead, rowsRead } from './explained.ts';
import type { HotPath } from './hotPaths/ground.ts';

/** Tables that grow with the audience and with time; their partitions have their names and a suffix. */
const growing =
  /^(endpoint|event|event_watch|message|message_attempt|journey_entry|journey_member|journey_step|outbox)(_|$)/;

export interface Fault {
  readonly path: string;
  readonly what: string;
  readonly sql: string;
}

/** A partition that is as good as empty is best read as a whole. */
const FEW_ROWS = 100;

/** What is wrong with the statements of a path: one that reads a growing table from end to end, or too much of it. */
export function faultsOf(
  { name: path, mostRows = 1000 }: HotPath,
  statements: readonly Explained[],
): Fault[] {
  return statements.flatMap(({ sql, plan }) =>
    nodesOf(plan)
      .filter((node) => growing.test(node['Relation Name'] ?? ''))
      .flatMap((node) => {
        const table = node['Relation Name'];
        const rows = rowsRead(node);
        if (node['Node Type'] === 'Seq Scan' && rows > FEW_ROWS)
          return [{ path, what: `reads all of ${table}`, sql }];
        return rows > mostRows ? [{ path, what: `looks at ${rows} rows of ${table}`, sql }] : [];
      }),
  );
}

/** A path's figures, and below them each statement with its plan. */
export function report(path: string, statements: readonly Explained[]): string {
  const milliseconds = statements.reduce((sum, one) => sum + one.milliseconds, 0);
  const pages = statements.reduce((sum, one) => sum + pagesRead(one), 0);
  const head = `${path.padEnd(45)} ${milliseconds.toFixed(1).padStart(8)} ms ${String(statements.length).padStart(4)} statements ${String(pages).padStart(6)} pages`;
  return [head, ...statements.map(statement)].join('\n');
}

function statement(one: Explained): string {
  const text = one.sql.replaceAll(/\s+/g, ' ').slice(0, 100);
  return `  ${one.milliseconds.toFixed(2).padStart(8)} ms  ${text}\n             ${outline(one.plan)}`;
}

/** The nodes that touch tables, with the rows they looked at. */
function outline(plan: PlanNode): string {
  const scans = nodesOf(plan).filter((node) => node['Node Type'].includes('Scan'));
  return scans.map(describe).join(', ') || plan['Node Type'];
}

function describe(node: PlanNode): string {
  const where = node['Index Name'] ?? node['Relation Name'] ?? '';
  const rows = rowsRead(node);
  return `${node['Node Type']} ${where}${rows > 0 ? ` (${rows})` : ''}`.trim();
}
