import { readFileSync } from 'node:fs';
import { type RawBuilder, sql } from 'kysely';
import { parseJourney } from '../../src/contract/journey/journey.ts';
import { parseSegmentDocument } from '../../src/contract/segment.ts';
import { type Database, json } from '../../src/db/database.ts';
import { workflowIdColumn } from '../../src/db/outbox/workflowIds.ts';
import { createPartitions } from '../../src/db/partitions.ts';
import { insertTemplate } from '../../src/db/templates.ts';
import { defaultTreatment } from '../../src/domain/campaign/treatment.ts';

/** How much of everything; `entries` are open, each with two watches, and a sixth of them is not started yet. */
export interface Sizes {
  readonly endpoints: number;
  readonly users: number;
  readonly events: number;
  readonly messages: number;
  readonly entries: number;
  readonly outbox: number;
  /** Segments, journeys, campaigns, templates and apps beside those in use. */
  readonly resources: number;
}

export const scene = {
  appId: 'bench',
  segmentId: 'premium',
  rareSegmentId: 'nobody',
  journeyId: 'onboarding',
  rareJourneyId: 'for-nobody',
  campaignId: 'tips',
  now: new Date('2026-07-15T12:00:00Z'),
} as const;

/** A journey whose people are few among all. */
export const smallJourney = { id: 'by-event', size: 200 } as const;

const { appId, segmentId, rareSegmentId, journeyId, rareJourneyId, campaignId, now } = scene;
const instant = sql`${now}::timestamptz`;
const tutorial = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../examples/tutorial/${name}.json`, import.meta.url), 'utf8'),
  ) as Record<string, unknown>;

/** Ids by number, as SQL. */
export const endpointId = (n: number) => `endpoint-${String(n).padStart(8, '0')}`;
export const userId = (n: number) => `user-${String(n).padStart(8, '0')}`;
const endpoint = (n: RawBuilder<unknown>) => sql`'endpoint-' || lpad((${n})::text, 8, '0')`;
const user = (n: RawBuilder<unknown>) => sql`'user-' || lpad((${n})::text, 8, '0')`;

/** Fills a migrated, empty database in bulk, and analyses it. All of it belongs to one app, which is the worst case. */
export async function fill(db: Database, sizes: Sizes): Promise<void> {
  await sql`create function time_id(at timestamptz, n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`.execute(
    db,
  );
  await createPartitions(db, new Date(now.getTime() - 365 * 86_400_000), 15);
  await fillResources(db, sizes.resources);
  for (const part of [fillAudience, fillEntries, fillMessages, fillEvents, fillStream, fillOutbox, fillPast])
    await part(db, sizes);
  await sql`vacuum analyze`.execute(db);
}

async function fillResources(db: Database, count: number): Promise<void> {
  const at = sql`${instant} - n * interval '1 minute'`;
  const many = sql`generate_series(1, ${count}::int) n`;
  const journey = json(
    parseJourney({
      ...tutorial('06-create-journey-canonical'),
      Limits: { DailyCap: 5, TotalCap: 100 },
      StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
    }).document,
  );
  const filter = { FilterType: 'ENDPOINT', Dimensions: { EventType: { Values: ['basket.left'] } } };
  const eventJourney = json(
    parseJourney({
      ...tutorial('06-create-journey-canonical'),
      StartCondition: { EventStartCondition: { EventFilter: filter } },
    }).document,
  );
  const segment = (plan: string) =>
    json(
      parseSegmentDocument({
        Dimensions: { UserAttributes: { Plan: { AttributeType: 'INCLUSIVE', Values: [plan] } } },
      }),
    );
  const campaign = json({ ...tutorial('05-create-campaign'), SegmentId: segmentId });
  await sql`insert into app (id, name, created_at, modified_at)
    select ${appId}, 'Bench', ${instant}, ${instant} union all select 'app-' || n, 'App', ${at}, ${at} from ${many}`.execute(
    db,
  );
  await sql`insert into segment (app_id, id, type, version, created_at, modified_at)
    select ${appId}, id, 'DIMENSIONAL', 1, ${instant}, ${instant} from unnest(${[segmentId, rareSegmentId]}::text[]) id
    union all select ${appId}, 'segment-' || n, 'DIMENSIONAL', 1, ${at}, ${at} from ${many}`.execute(db);
  await sql`insert into segment_version (app_id, segment_id, version, document, created_at)
    select app_id, id, 1, case when id = ${rareSegmentId} then ${segment('platinum')}::jsonb else ${segment('premium')}::jsonb end, created_at
    from segment`.execute(db);
  await sql`insert into journey (app_id, id, name, state, document, segment_id, created_at, modified_at, published_at)
    select ${appId}, id, 'Onboarding', 'ACTIVE', ${journey}::json, segment_id, ${instant}, ${instant}, ${instant}
    from unnest(${[journeyId, rareJourneyId]}::text[], ${[segmentId, rareSegmentId]}::text[]) as live(id, segment_id)
    union all select ${appId}, 'journey-' || n, 'Draft', 'DRAFT', ${journey}::json, null, ${at}, ${at}, null from ${many}`.execute(
    db,
  );
  await sql`insert into journey (app_id, id, name, state, document, entry_event_type, created_at, modified_at, published_at)
    values (${appId}, 'by-event', 'By event', 'ACTIVE', ${eventJourney}::json, 'basket.left', ${instant}, ${instant}, ${instant})`.execute(
    db,
  );
  await sql`insert into journey_run (app_id, id, journey_id, no, state, segment_version, started_at, created_at, updated_at)
    select app_id, id || '-run', id, 0, 'RUNNING', 1, ${instant}, ${instant}, ${instant} from journey where state = 'ACTIVE'`.execute(
    db,
  );
  await sql`insert into campaign (app_id, id, version, state, created_at)
    select ${appId}, ${campaignId}, 1, 'EXECUTING', ${instant}
    union all select ${appId}, 'campaign-' || n, 1, 'COMPLETED', ${at} from ${many}`.execute(db);
  await sql`insert into campaign_version (app_id, campaign_id, version, document, segment_id, segment_version, created_at)
    select app_id, id, 1, ${campaign}::jsonb, ${segmentId}, 1, created_at from campaign`.execute(db);
  await db.transaction().execute(async (tx) => {
    await insertTemplate(
      tx,
      { name: 'welcome-email-template', type: 'EMAIL' },
      tutorial('06-create-email-template-welcome'),
      {},
      now,
    );
    await sql`insert into template (name, type, active_version, latest_version, created_at, modified_at)
      select 'template-' || n, 'EMAIL', 1, 1, ${at}, ${at} from ${many}`.execute(tx);
    await sql`insert into template_version (name, type, version, document, created_at, modified_at)
      select name, type, 1, '{}', created_at, created_at from template where name like 'template-%'`.execute(
      tx,
    );
  });
}

/** The first endpoint of every user is an e-mail address; the users with low numbers have a phone as well. */
async function fillAudience(db: Database, { endpoints, users }: Sizes): Promise<void> {
  await sql`insert into app_user (app_id, id, attributes, updated_at)
    select ${appId}, ${user(sql`n`)}, jsonb_build_object('Plan', jsonb_build_array(case when n % 10 = 0 then 'premium' else 'free' end)), ${instant}
    from generate_series(1, ${users}::int) n`.execute(db);
  await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
    select ${appId}, ${endpoint(sql`n`)}, ${user(sql`(n - 1) % ${users}::int + 1`)},
      case when n <= ${users}::int then 'EMAIL' else 'APNS' end,
      case when n <= ${users}::int then 'person' || n || '@example.com' else md5(n::text) end,
      'ACTIVE', 'NONE', n % 100, ${instant} - n % 400 * interval '1 day', ${instant}, ${instant}
    from generate_series(1, ${endpoints}::int) n`.execute(db);
}

/** When entry `n` of `entries` was made: over the three days before now. */
const enteredAt = (entries: number) =>
  sql`(${instant} - interval '3 days' + n * (interval '3 days' / ${entries}::int))`;

async function fillEntries(db: Database, { entries }: Sizes): Promise<void> {
  const many = sql`generate_series(1, ${entries}::int) n`;
  const at = enteredAt(entries);
  const isStarted = sql`n <= ${entries}::int * 5 / 6`;
  await sql`insert into journey_member (app_id, journey_id, participant, matching, match_no, decided_no, updated_at)
    select ${appId}, ${journeyId}, 'u:' || ${user(sql`n`)}, true, 1, 1, ${instant} from ${many}`.execute(db);
  await sql`insert into journey_entry (app_id, id, journey_id, endpoint_id, participant, user_id, cause, entered_at, start_confirmed_at, position, wake_at)
    select ${appId}, time_id(${at}, n), ${journeyId}, ${endpoint(sql`n`)}, 'u:' || ${user(sql`n`)}, ${user(sql`n`)}, 'match:1', ${at},
      case when ${isStarted} then ${at} end, case when ${isStarted} then 'WelcomeEmail' end,
      case when ${isStarted} then ${at} + interval '4 days' else ${at} end from ${many}`.execute(db);
  await sql`insert into journey_step (app_id, entry_id, step, kind, at, decision)
    select app_id, id, 'WelcomeEmail', 'email', entered_at, 'sent' from journey_entry where start_confirmed_at is not null`.execute(
    db,
  );
  await sql`insert into event_watch (app_id, entry_id, participant, step, condition, event_types, message_step, wakes, active_from)
    select app_id, id, participant, 'CheckEngagement', condition, '{_email.open}',
      case when condition = 0 then 'WelcomeEmail' end, true, entered_at + interval '3 days'
    from journey_entry, generate_series(0, 1) condition order by id, condition`.execute(db);
}

/** A message of every started entry; the others of runs of a campaign, a month apart, with one of a thousand unknown. */
async function fillMessages(db: Database, { messages, entries, users }: Sizes): Promise<void> {
  const columns = sql`app_id, owner, seq, owner_kind, step, recipient, endpoint_id, participant, channel, channel_type, address,
    class, journey_id, campaign_id, state, attempt, claimed_at, attempted_at, accepted_at, created_at, settled_at`;
  await sql`insert into message (${columns})
    select ${appId}, id, 1, 'entry', 'WelcomeEmail', endpoint_id, endpoint_id, participant, 'EMAIL', 'EMAIL', endpoint_id,
      'marketing', ${journeyId}, null, 'sent', 1, entered_at, entered_at, entered_at, entered_at, entered_at
    from journey_entry where start_confirmed_at is not null`.execute(db);
  const rest = Math.max(0, messages - Math.floor((entries * 5) / 6));
  const perRun = Math.min(users, Math.ceil(rest / 6));
  const runAt = sql`${instant} - run * interval '30 days'`;
  await sql`insert into campaign_run (app_id, id, campaign_id, campaign_version, state, scheduled_start, started_at, ended_at)
    select ${appId}, time_id(${runAt}, run), ${campaignId}, 1, case when run = 0 then 'RUNNING' else 'COMPLETED' end,
      ${runAt}, ${runAt}, case when run > 0 then ${instant} end from generate_series(0, 5) run`.execute(db);
  await sql`insert into message (${columns})
    select ${appId}, time_id(${runAt}, run), n, 'campaign', ${defaultTreatment}, ${endpoint(sql`n`)}, ${endpoint(sql`n`)}, 'u:' || ${user(sql`n`)},
      'EMAIL', 'EMAIL', 'person' || n || '@example.com', 'marketing', null, ${campaignId},
      case when n % 1000 = 0 then 'unknown' else 'sent' end, 1, ${runAt}, ${runAt}, ${runAt}, ${runAt}, ${runAt}
    from generate_series(0, 5) run, generate_series(1, ${perRun}::int) n`.execute(db);
  await sql`insert into message_attempt (app_id, owner, seq, attempt, claimed_at, answered_at, outcome)
    select app_id, owner, seq, 1, created_at, created_at, 'accepted' from message where owner_kind = 'entry'`.execute(
    db,
  );
}

/** Opens of a third of the entries' messages; the rest what apps tell, over the last year. */
async function fillEvents(db: Database, { events, endpoints, users }: Sizes): Promise<void> {
  const columns = sql`app_id, id, endpoint_id, participant, type, event_id, occurred_at, received_at, message_owner, message_seq`;
  const opens = await sql`insert into event (${columns})
    select app_id, time_id(created_at + interval '1 hour', row_number() over ()), endpoint_id, participant, '_email.delivered', 'd', created_at,
      created_at + interval '1 hour', owner, seq from message where owner_kind = 'entry'`.execute(db);
  const rest = Math.max(0, events - Number(opens.numAffectedRows ?? 0));
  const at = sql`${instant} - n * (interval '365 days' / ${Math.max(1, rest)}::int)`;
  const whose = sql`(n::bigint * 7919 % ${endpoints}::int + 1)`;
  await sql`insert into event (${columns})
    select ${appId}, time_id(${at}, n), ${endpoint(whose)}, 'u:' || ${user(sql`(${whose} - 1) % ${users}::int + 1`)},
      (array['_session.start', 'purchase', 'page.view'])[n % 3 + 1], 'event' || n, ${at}, ${at}, null, null
    from generate_series(1, ${rest}::int) n`.execute(db);
  await sql`insert into event_key (app_id, endpoint_id, event_id, type, occurred_at, received_at)
    select app_id, endpoint_id, event_id, type, occurred_at::text, received_at from event
    where received_at > ${instant} - interval '7 days' on conflict do nothing`.execute(db);
}

/** A far end that has been away for a while. */
async function fillStream(db: Database): Promise<void> {
  await sql`insert into event_stream (app_id, destination, modified_at)
    values (${appId}, '{"kind": "https", "url": "https://example.com", "secret": "whsec_"}', ${instant})`.execute(
    db,
  );
  await sql`insert into stream_record (app_id, endpoint_id, kind, subject, detail, arrived_at)
    select app_id, endpoint_id, 'event', id, '{}', received_at from (
      select * from event where app_id = ${appId} order by received_at desc limit 50000) as latest order by received_at`.execute(
    db,
  );
}

/** Starts that wait, with a wake each that is due before them; the rest are wakes for later. */
async function fillOutbox(db: Database, { outbox }: Sizes): Promise<void> {
  const workflow = workflowIdColumn('journey');
  const from = (isStarted: RawBuilder<unknown>, limit: number) =>
    sql`from journey_entry where ${isStarted} order by id desc limit ${limit}::int`;
  const each = Math.floor(outbox / 4);
  const columns = sql`lane, kind, app_id, entry_id, workflow_id, not_before, created_at`;
  const unstarted = sql`start_confirmed_at is null`;
  await sql`insert into outbox (${columns})
    (select 0, 'wake', app_id, id, ${workflow}, entered_at, entered_at ${from(unstarted, each)}) union all
    (select 1, 'enter', app_id, id, ${workflow}, entered_at, entered_at ${from(unstarted, each)})`.execute(
    db,
  );
  await sql`insert into outbox (${columns})
    select 0, 'wake', app_id, id, ${workflow}, wake_at, ${instant} ${from(sql`start_confirmed_at is not null`, 2 * each)}`.execute(
    db,
  );
}

/** A small journey in two runs, a fifth of it still inside, beside what a journey that is over has left. */
async function fillPast(db: Database, { entries, users }: Sizes): Promise<void> {
  const at = sql`(${instant} - interval '30 days')`;
  const past = sql`generate_series(1, ${entries}::int) n`;
  const person = sql`${user(sql`${users}::int - n`)}`;
  const columns = sql`app_id, id, journey_id, endpoint_id, participant, user_id, cause, run_id, entered_at, start_confirmed_at,
    position, wake_at, ended_at, end_reason`;
  await sql`insert into journey_entry (${columns})
    select ${appId}, time_id(${at}, n), 'journey-1', 'past-' || n, 'u:' || ${person}, ${person}, 'match:1', 'past-run', ${at}, ${at},
      'step-4', null, ${at}, 'COMPLETED' from ${past}`.execute(db);
  await sql`insert into journey_step (app_id, entry_id, step, kind, at, decision)
    select ${appId}, time_id(${at}, n), 'step-' || step, 'email', ${at}, 'sent' from ${past}, generate_series(1, 4) step`.execute(
    db,
  );
  const small = sql`(select ${entries}::int + n as n, n % 5 = 0 as is_inside from generate_series(1, ${smallJourney.size}::int) n) small`;
  await sql`insert into journey_entry (${columns})
    select ${appId}, time_id(${at}, n), ${smallJourney.id}, 'past-' || n, 'u:' || ${person}, ${person}, 'event:' || n,
      ${smallJourney.id} || case when n % 2 = 0 then '-run' else '-run-2' end, ${at}, ${at}, 'WelcomeEmail',
      case when is_inside then ${instant} + interval '1 day' end, case when not is_inside then ${at} end,
      case when not is_inside then 'COMPLETED' end from ${small}`.execute(db);
  await sql`insert into journey_step (app_id, entry_id, step, kind, at, decision)
    select ${appId}, time_id(${at}, n), 'WelcomeEmail', 'email', ${at}, 'sent' from ${small}`.execute(db);
}
