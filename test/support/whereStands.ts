import { sql } from 'kysely';
import type { Queryable } from '../../src/db/database.ts';

/** The tables in which one of these texts stands, in whatever column, each with the first of the texts. */
export async function whereStands(db: Queryable, texts: readonly string[]): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`.execute(
    db,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const hit = await sql<{ text: string }>`
      select given.text from ${sql.table(name)} as stored, unnest(${[...texts]}::text[]) given(text)
      where position(lower(given.text) in lower(stored::text)) > 0 limit 1`.execute(db);
    const [first] = hit.rows;
    if (first !== undefined) found[name] = first.text;
  }
  return found;
}
