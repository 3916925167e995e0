import { sql } from 'kysely';
import type { Database } from '../../src/db/database.ts';

/** Everyone is premium; nobody is marked as written, so only a pass over the segment finds them. */
export async function addMembers(db: Database, appId: string, members: number): Promise<void> {
  const [app, at] = [sql`${appId}::text`, sql`now()`];
  await sql`insert into app_user (app_id, id, attributes, updated_at)
    select ${app}, 'user' || n, '{"Plan": ["premium"]}', ${at} from generate_series(1, ${members}::int) n`.execute(
    db,
  );
  await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
    select ${app}, 'endpoint' || n, 'user' || n, 'EMAIL', n || '@example.com', 'ACTIVE', 'NONE', 0, ${at}, ${at}, ${at}
    from generate_series(1, ${members}::int) n`.execute(db);
}
