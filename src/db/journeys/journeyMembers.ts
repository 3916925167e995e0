import { sql } from 'kysely';
import type { Participant } from '../../domain/participant.ts';
import { json, type Tx } from '../database.ts';
import type { JourneyKey } from './journeyRuns.ts';

/** How a participant stands to a journey's segment, as it is written. */
export interface Member {
  readonly matching: boolean;
  /** How often they have started to match. */
  readonly matchNo: number;
  /** The latest match that was answered. */
  readonly decidedNo: number;
  readonly refused: string | null;
}

/** How participants stand to a journey's segment; who was never considered is left out. */
export async function readMembers(
  tx: Tx,
  { appId, journeyId }: JourneyKey,
  participants: readonly Participant[],
): Promise<Map<Participant, Member>> {
  const rows = await tx
    .selectFrom('journey_member')
    .select(['participant', 'matching', 'match_no as matchNo', 'decided_no as decidedNo', 'refused'])
    .where('app_id', '=', appId)
    .where('journey_id', '=', journeyId)
    .where('participant', '=', sql<Participant>`any(${[...participants]}::text[])`)
    .execute();
  return new Map(rows.map(({ participant, ...member }) => [participant as Participant, member]));
}

/** How somebody stands now; `decides`: their match is answered in this very transaction. */
export interface MemberChange {
  readonly participant: Participant;
  readonly matching: boolean;
  readonly refused: string | null;
  readonly decides: boolean;
}

/** Writes how participants stand, and counts whoever starts to match. Answers the number of their match. */
export async function writeMembers(
  tx: Tx,
  { appId, journeyId }: JourneyKey,
  changes: readonly MemberChange[],
  now: Date,
): Promise<Map<Participant, number>> {
  if (changes.length === 0) return new Map();
  const written = await sql<{ participant: Participant; match_no: number }>`
    insert into journey_member as member
      (app_id, journey_id, participant, matching, match_no, decided_no, refused, updated_at)
    select ${appId}, ${journeyId}, participant, matching, case when matching then 1 else 0 end,
      case when decides then 1 else 0 end, refused, ${now}
    from jsonb_to_recordset(${json(changes)}::jsonb) as seen (participant text, matching boolean, refused text, decides boolean)
    where matching or (
      select true from journey_member known
      where known.app_id = ${appId} and known.journey_id = ${journeyId} and known.participant = seen.participant)
    on conflict (app_id, journey_id, participant) do update set
      match_no = member.match_no + case when excluded.matching and not member.matching then 1 else 0 end,
      decided_no = case when excluded.decided_no = 0 then member.decided_no
        else member.match_no + case when excluded.matching and not member.matching then 1 else 0 end end,
      matching = excluded.matching, refused = excluded.refused, updated_at = excluded.updated_at
    returning participant, match_no`.execute(tx);
  return new Map(written.rows.map((row) => [row.participant, row.match_no]));
}

/** Notes why participants who match did not enter; null: they did. */
export async function noteAnswers(
  tx: Tx,
  { appId, journeyId }: JourneyKey,
  answers: ReadonlyMap<Participant, string | null>,
  now: Date,
): Promise<void> {
  if (answers.size === 0) return;
  await sql`update journey_member as member set refused = seen.refused, updated_at = ${now}
    from unnest(${[...answers.keys()]}::text[], ${[...answers.values()]}::text[]) as seen (participant, refused)
    where member.app_id = ${appId} and member.journey_id = ${journeyId}
      and member.participant = seen.participant and member.refused is distinct from seen.refused`.execute(tx);
}
