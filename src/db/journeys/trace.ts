import type { Participant } from '../../domain/participant.ts';
import type { Queryable } from '../database.ts';
import { workflowIdOf } from '../outbox/workflowIds.ts';
import type { Entry } from './entries.ts';

/** Everything that is known of one participant's way through one journey, and why. Times are UTC. */
export interface Trace {
  readonly Participant: Participant;
  /** How they stand to the segment; null when they never matched. */
  readonly Membership: { Matching: boolean; Matches: number; Refused: string | null; Since: Date } | null;
  readonly Entries: readonly EntryTrace[];
}

export interface EntryTrace {
  readonly EntryId: string;
  readonly EndpointId: string;
  readonly WorkflowId: string;
  /** Why they entered: `match:1` for the first time they matched the segment. */
  readonly Cause: string;
  readonly EnteredAt: Date;
  readonly EndedAt: Date | null;
  readonly EndReason: string | null;
  /** The last step that is done; null before the first. With it, when the workflow looks again by itself, and whether a pause holds it. */
  readonly Position: string | null;
  /** The step that acts next, behind any waits; null when it has ended, or only waits are left. */
  readonly Next: string | null;
  readonly WakesAt: Date | null;
  readonly IsParked: boolean;
  /** When an operator last reset the workflow: it went on from an earlier point, and nothing that was done is done again. */
  readonly ResetAt: Date | null;
  readonly Steps: readonly StepTrace[];
  readonly WaitsFor: readonly WatchTrace[];
  /** Messages of the next step that are held: for a quiet time, a turn, the provider's rate or daily quota. */
  readonly Held: readonly HeldTrace[];
}

export interface StepTrace {
  readonly Step: string;
  readonly Kind: string;
  readonly At: Date;
  readonly Decision: string | null;
  readonly Reason: string | null;
  readonly Messages: readonly MessageTrace[];
}

export interface MessageTrace {
  readonly EndpointId: string | null;
  readonly ChannelType: string;
  readonly State: string;
  readonly Reason: string | null;
  readonly AcceptedAt: Date | null;
  readonly Template: string | null;
}

export interface WatchTrace {
  readonly Step: string;
  readonly EventTypes: readonly string[];
  readonly OfMessage: string | null;
  readonly OpensAt: Date | null;
  readonly MatchedAt: Date | null;
}

export interface HeldTrace {
  readonly Step: string;
  readonly EndpointId: string | null;
  /** QUIET_TIME, MESSAGES_PER_SECOND, SENDING_RATE, DAILY_QUOTA … */
  readonly For: string;
  readonly Until: Date;
}

/** Reads one participant's trace in one journey. */
export async function readTrace(
  db: Queryable,
  appId: string,
  journeyId: string,
  participant: Participant,
): Promise<Trace> {
  const member = await db
    .selectFrom('journey_member')
    .selectAll()
    .where('app_id', '=', appId)
    .where('journey_id', '=', journeyId)
    .where('participant', '=', participant)
    .executeTakeFirst();
  const entries = await db
    .selectFrom('journey_entry')
    .selectAll()
    .where('app_id', '=', appId)
    .where('journey_id', '=', journeyId)
    .where('participant', '=', participant)
    .orderBy('id')
    .execute();
  return {
    Participant: participant,
    Membership: member
      ? {
          Matching: member.matching,
          Matches: member.match_no,
          Refused: member.refused,
          Since: member.updated_at,
        }
      : null,
    Entries: await Promise.all(entries.map((entry) => traceEntry(db, entry))),
  };
}

async function traceEntry(db: Queryable, entry: Entry): Promise<EntryTrace> {
  return {
    EntryId: entry.id,
    EndpointId: entry.endpoint_id,
    WorkflowId: workflowIdOf('journey', entry),
    Cause: entry.cause,
    EnteredAt: entry.entered_at,
    EndedAt: entry.ended_at,
    EndReason: entry.end_reason,
    Position: entry.position,
    Next: entry.next_step,
    WakesAt: entry.wake_at,
    IsParked: entry.parked_epoch !== null,
    ResetAt: entry.reset_at,
    Steps: await readSteps(db, entry),
    WaitsFor: await readOpenWatches(db, entry),
    Held: await readHeld(db, entry),
  };
}

async function readSteps(db: Queryable, entry: Entry): Promise<StepTrace[]> {
  const steps = await db
    .selectFrom('journey_step')
    .select(['step', 'kind', 'at', 'decision', 'reason'])
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .orderBy('at')
    .orderBy('seq')
    .execute();
  const messages = await db
    .selectFrom('message')
    .select([
      'step',
      'endpoint_id',
      'channel_type',
      'state',
      'reason',
      'accepted_at',
      'template_name',
      'template_version',
    ])
    .where('app_id', '=', entry.app_id)
    .where('owner', '=', entry.id)
    .orderBy('seq')
    .execute();
  return steps.map((step) => ({
    Step: step.step,
    Kind: step.kind,
    At: step.at,
    Decision: step.decision,
    Reason: step.reason,
    Messages: messages
      .filter((message) => message.step === step.step)
      .map((message) => ({
        EndpointId: message.endpoint_id,
        ChannelType: message.channel_type,
        State: message.state,
        Reason: message.reason,
        AcceptedAt: message.accepted_at,
        Template: message.template_name && `${message.template_name} version ${message.template_version}`,
      })),
  }));
}

async function readOpenWatches(db: Queryable, entry: Entry): Promise<WatchTrace[]> {
  const watches = await db
    .selectFrom('event_watch')
    .select(['step', 'event_types', 'message_step', 'active_from', 'matched_at'])
    .where('app_id', '=', entry.app_id)
    .where('entry_id', '=', entry.id)
    .where('closed_at', 'is', null)
    .orderBy('id')
    .execute();
  return watches.map((watch) => ({
    Step: watch.step,
    EventTypes: watch.event_types,
    OfMessage: watch.message_step,
    OpensAt: watch.active_from,
    MatchedAt: watch.matched_at,
  }));
}

async function readHeld(db: Queryable, entry: Entry): Promise<HeldTrace[]> {
  const held = await db
    .selectFrom('message')
    .select(['step', 'endpoint_id', 'held_for', 'held_until'])
    .where('app_id', '=', entry.app_id)
    .where('owner', '=', entry.id)
    .where('state', '=', 'queued')
    .where('held_until', 'is not', null)
    .orderBy('seq')
    .execute();
  return held.flatMap(({ step, endpoint_id, held_for, held_until }) =>
    held_for !== null && held_until !== null
      ? [{ Step: step, EndpointId: endpoint_id, For: held_for, Until: held_until }]
      : [],
  );
}
