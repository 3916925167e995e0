import { type SelectQueryBuilder, sql } from 'kysely';
import type { PageRequest } from '../domain/page.ts';

/**
 * For `.$call(...)`: the rows of a page, newest first, and one more that tells of a next page. The two columns make a row's
 * key, as `page.after` names it.
 */
export function newestFirst(page: PageRequest, createdAtColumn = 'created_at', idColumn = 'id') {
  const createdAt = sql.ref(createdAtColumn);
  const id = sql.ref(idColumn);
  const { after } = page;
  return <DB, TB extends keyof DB, O>(
    query: SelectQueryBuilder<DB, TB, O>,
  ): SelectQueryBuilder<DB, TB, O> => {
    const rows =
      after === undefined
        ? query
        : query.where(sql<boolean>`(${createdAt}, ${id}) < (${after.createdAt}, ${after.id})`);
    return rows
      .orderBy(createdAt, 'desc')
      .orderBy(id, 'desc')
      .limit(page.size + 1);
  };
}
