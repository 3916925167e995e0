import { type RawBuilder, sql } from 'kysely';
import type { PageRequest } from '../domain/page.ts';

/**
 * For `.where(...)`: rows that come after the page's key when the newest stand first.
 * Order by the same two columns descending and read `page.size + 1` rows, so that one more tells of a next page.
 */
export function afterPageKey(
  page: PageRequest,
  createdAtColumn = 'created_at',
  idColumn = 'id',
): RawBuilder<boolean> {
  if (page.after === undefined) return sql<boolean>`true`;
  const columns = sql`(${sql.ref(createdAtColumn)}, ${sql.ref(idColumn)})`;
  return sql<boolean>`${columns} < (${page.after.createdAt}, ${page.after.id})`;
}
