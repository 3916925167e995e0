import { type RawBuilder, sql } from 'kysely';

/** What the id of each workflow is made of: its first word and columns of the row that it carries. */
const forms = {
  journey: ['journey', 'journey_id', 'endpoint_id', 'id'],
  journeyLife: ['journey-life', 'id'],
  campaignRun: ['campaign-run', 'id', 'version'],
  importJob: ['import-job', 'id'],
} as const;

type Workflow = keyof typeof forms;
type Columns<W extends Workflow> = (typeof forms)[W] extends readonly [string, ...infer C extends string[]]
  ? C[number]
  : never;

/** The id of the workflow that carries a row: an entry, a journey, a version of a campaign, an import job. */
export function workflowIdOf<W extends Workflow>(
  workflow: W,
  row: { readonly [C in Columns<W>]: string | number },
): string {
  const [word, ...columns] = forms[workflow];
  return [word, ...columns.map((column) => row[column as Columns<W>])].join('/');
}

/** The same of every row that a query selects. */
export function workflowIdColumn(workflow: Workflow): RawBuilder<string> {
  const [word, ...columns] = forms[workflow];
  return sql<string>`concat_ws('/', ${sql.lit(word)}, ${sql.join(columns.map((column) => sql.ref(column)))})`;
}
