import { beforeAll, expect, it } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { readConfig } from '../../src/config.ts';
import { insertApp } from '../../src/db/apps.ts';
import { openDatabase } from '../../src/db/database.ts';
import { useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { testSettings } from '../support/deps.ts';

const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  const { db } = database;
  const at = new Date(Date.now() - 60_000);
  await insertApp(db, { id: 'app', name: 'App', tags: {} }, at);
  const message = {
    ...{ app_id: 'app', owner: '01890000-0000-7000-8000-000000000001', owner_kind: 'entry' as const },
    ...{ step: 'Welcome', channel: 'EMAIL', channel_type: 'EMAIL', class: 'marketing' as const },
    ...{ address: 'ann@example.com', recipient: 'ann@example.com', created_at: at },
  };
  const until = new Date(Date.now() + 3_600_000);
  await db
    .insertInto('message')
    .values([
      { ...message, seq: 1, state: 'queued', held_for: 'DAILY_QUOTA', held_until: until },
      { ...message, seq: 2, recipient: 'bob', state: 'sent', reason: 'ann@example.com', settled_at: at },
    ])
    .execute();
  await db
    .insertInto('outbox')
    .values({
      ...{ lane: 0, kind: 'wake', app_id: 'app', workflow_id: 'journey/j/ann@example.com/e' },
      ...{ not_before: at, created_at: at },
    })
    .execute();
  const destination = JSON.stringify({ kind: 'https', url: 'https://example.com', secret: 'whsec_' });
  await db
    .insertInto('event_stream')
    .values({ app_id: 'app', destination, modified_at: at, failures: 2, skipped: '3', dropped: '4' })
    .execute();
  const record = { app_id: 'app', endpoint_id: 'ann@example.com', kind: 'event' as const, detail: '{}' };
  await db
    .insertInto('stream_record')
    .values({ ...record, subject: '01890000-0000-7000-8000-000000000002', arrived_at: at })
    .execute();
});

it('tells without a signature what waits, why, and since when, and nothing of anybody', async () => {
  const response = await fetch(`${api.url}/metrics`);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(text).toContain(
    'repoint_messages_unsettled{channel="EMAIL",state="queued",held_for="DAILY_QUOTA"} 1',
  );
  expect(text).toContain('repoint_outbox_rows{kind="wake"} 1');
  expect(Number(/repoint_outbox_oldest_seconds\{kind="wake"\} (\S+)/.exec(text)?.[1])).toBeGreaterThan(59);
  for (const line of ['stream_records 1', 'streams_failing 1', 'stream_records_skipped 3'])
    expect(text).toContain(`repoint_${line}\n`);
  expect(text).toContain('repoint_stream_records_dropped 4\n');
  expect(Number(/^repoint_stream_oldest_seconds (\S+)/m.exec(text)?.[1])).toBeGreaterThan(59);
  expect(text).toContain('repoint_sending_limit_per_second{channel="SMS"} 20');
  expect(text).toContain('repoint_sending_paused{channel="EMAIL",reason=""} 0');
  // SES was never asked: an alert on the age of its word must fire
  expect(text).toContain('repoint_sending_limits_age_seconds{channel="EMAIL"} +Inf');
  expect(text).toContain('repoint_postgres_up 1');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).not.toContain('@example.com');
});

it('tells what the process counts while Postgres does not answer, and that it does not', async () => {
  const nowhere = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  const text = await createMetrics({ ...api.deps, db: nowhere }).text();
  expect(text).toContain('repoint_postgres_up 0');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).not.toContain('repoint_outbox_rows');
});

it('wants the token where one is set', () => {
  const config = readConfig({ ...testSettings, REPOINT_METRICS_TOKEN: 'a-token-of-prometheus' });
  const metrics = createMetrics({ ...api.deps, config });
  expect(metrics.admits(undefined)).toBe(false);
  expect(metrics.admits('Bearer another-token-of-it')).toBe(false);
  expect(metrics.admits('Bearer a-token-of-prometheus')).toBe(true);
});
