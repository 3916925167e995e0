import {
  CreateAppCommand,
  CreateJourneyCommand,
  DeleteJourneyCommand,
  GetJourneyCommand,
  type JourneyResponse,
  ListJourneysCommand,
  UpdateJourneyCommand,
  UpdateJourneyStateCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendJourney } from '../../../src/cli/sendJourney.ts';
import { json } from '../../../src/db/database.ts';
import { newResourceId, newTimeId } from '../../../src/db/ids.ts';
import { insertSegment } from '../../../src/db/segmentVersions.ts';
import { insertTemplate } from '../../../src/db/templates.ts';
import { startTestApi, type TestApi, testClient } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { cloneDatabase, type TestDatabase } from '../../support/database.ts';
import { markAsSameCall } from '../../support/sameCall.ts';
import { tutorial } from '../../support/tutorial.ts';

let database: TestDatabase;
let api: TestApi;
let appId: string;
let segmentId: string;

beforeAll(async () => {
  database = await cloneDatabase();
  api = await startTestApi(database);
  const app = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'journeys' } }));
  appId = app.ApplicationResponse?.Id ?? '';
  segmentId = newResourceId();
  await storePremiumPeople();
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

/** The tutorial's segment and two people who match it, beside one who does not. */
async function storePremiumPeople() {
  const now = new Date();
  const { Name: name, ...document } = tutorial('04-create-segment');
  await database.db
    .transaction()
    .execute((tx) => insertSegment(tx, appId, { id: segmentId, name, document, tags: {} }, now));
  await database.db
    .insertInto('app_user')
    .values([
      { app_id: appId, id: 'premium', attributes: json({ Plan: ['premium'] }), updated_at: now },
      { app_id: appId, id: 'free', attributes: json({ Plan: ['free'] }), updated_at: now },
    ])
    .execute();
  const endpoint = (id: string, user: string) => ({
    app_id: appId,
    id,
    user_id: user,
    channel_type: 'EMAIL',
    address: `${id}@example.com`,
    status: 'ACTIVE',
    opt_out: 'NONE',
    cohort: 0,
    effective_date: now,
    created_at: now,
    updated_at: now,
  });
  await database.db
    .insertInto('endpoint')
    .values([endpoint('one', 'premium'), endpoint('two', 'premium'), endpoint('three', 'free')])
    .execute();
}

function canonical(changes: Partial<WriteJourneyRequest> = {}): WriteJourneyRequest {
  return {
    ...tutorial('06-create-journey-canonical'),
    StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
    ...changes,
  };
}

async function create(changes: Partial<WriteJourneyRequest> = {}): Promise<JourneyResponse> {
  const created = await api.client.send(
    new CreateJourneyCommand({ ApplicationId: appId, WriteJourneyRequest: canonical(changes) }),
  );
  return created.JourneyResponse ?? { ApplicationId: '', Id: '', Name: '' };
}

async function setState(journey: JourneyResponse, state: 'ACTIVE' | 'PAUSED' | 'CANCELLED' | 'CLOSED') {
  const answer = await api.client.send(
    new UpdateJourneyStateCommand({
      ApplicationId: appId,
      JourneyId: journey.Id,
      JourneyStateRequest: { State: state },
    }),
  );
  return answer.JourneyResponse?.State;
}

async function outboxOf(journey: JourneyResponse) {
  return await database.db
    .selectFrom('outbox')
    .select(['kind', 'workflow_id', 'payload', 'entry_id'])
    .where('workflow_id', 'like', `%${journey.Id}%`)
    .orderBy('id')
    .execute();
}

async function enter(journey: JourneyResponse, endpointId: string, parkedEpoch: number | null) {
  const id = newTimeId(new Date());
  await database.db
    .insertInto('journey_entry')
    .values({
      app_id: appId,
      id,
      journey_id: journey.Id ?? '',
      endpoint_id: endpointId,
      participant: `e:${endpointId}`,
      cause: 'match:1',
      entered_at: new Date(),
      parked_epoch: parkedEpoch,
    })
    .execute();
  return id;
}

describe('CreateJourney', () => {
  it('201 publishes the canonical document: pins its segment, has its life started once, answers what matches', async () => {
    const text = JSON.stringify(canonical());
    const { journey, matching, warnings } = await sendJourney(api.client, appId, text);
    expect(journey).toMatchObject({ State: 'ACTIVE', ApplicationId: appId, Name: 'New User Onboarding' });
    expect(matching).toBe('2');
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toContain('no template "welcome-email-template" version 1 of type EMAIL');
    const row = await database.db
      .selectFrom('journey')
      .selectAll()
      .where('id', '=', journey.Id ?? '')
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      segment_id: segmentId,
      segment_version: null,
      time_scale: 1,
      starts_at: null,
    });
    expect(await outboxOf(journey)).toEqual([
      {
        kind: 'start',
        workflow_id: `journey-life/${journey.Id}`,
        entry_id: null,
        payload: {
          workflowType: 'journeyLife',
          input: { appId, journeyId: journey.Id },
          summary: 'Journey New User Onboarding',
        },
      },
    ]);
  });

  it('201 takes the printed dialect as it is sent and answers the canonical form, each change a warning', async () => {
    const printed = {
      ...tutorial('06-create-journey-completed'),
      StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
    };
    const { journey, warnings } = await sendJourney(api.client, appId, JSON.stringify(printed));
    expect(journey).toMatchObject(canonical());
    expect(warnings).toContain('Activities.WelcomeEmail.NextActivity: moved into EMAIL, where it belongs');
    expect(warnings).toContain('Activities.Wait3Days.Wait.WaitTime.WaitFor: "3d" read as P3D');
  });

  it('201 keeps a draft, which starts nothing', async () => {
    const journey = await create({ State: 'DRAFT' });
    expect(journey.State).toBe('DRAFT');
    expect(await outboxOf(journey)).toEqual([]);
  });

  it('201 does not warn of a template that is there', async () => {
    const key = { name: 'welcome-email-template', type: 'EMAIL' };
    await database.db.transaction().execute((tx) => insertTemplate(tx, key, {}, {}, new Date()));
    const { warnings } = await sendJourney(api.client, appId, JSON.stringify(canonical()));
    expect(warnings.filter((warning) => warning.includes('WelcomeEmail'))).toEqual([]);
  });

  it('201 keeps a schedule, and starts at once when its start has passed', async () => {
    const schedule = {
      StartTime: new Date('2026-01-01T00:00:00Z'),
      EndTime: new Date('2999-01-01T00:00:00Z'),
    };
    const { journey, warnings } = await sendJourney(
      api.client,
      appId,
      JSON.stringify(canonical({ Schedule: schedule })),
    );
    expect(journey.Schedule).toEqual(schedule);
    expect(warnings).toContain(
      'Schedule.StartTime: 2026-01-01T00:00:00.000Z has passed; the journey starts now',
    );
  });

  it('201 of a retry is the journey that the first try made', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, 'the-same-call');
    const request = { ApplicationId: appId, WriteJourneyRequest: canonical() };
    const send = () => client.send(new CreateJourneyCommand(request));
    const [first, second] = await Promise.all([send(), send()]);
    client.destroy();
    expect(second.JourneyResponse?.Id).toBe(first.JourneyResponse?.Id);
    expect(await outboxOf(first.JourneyResponse ?? { ApplicationId: '', Id: '', Name: '' })).toHaveLength(1);
  });

  it('400 names an unknown segment and an end that has passed, and stores nothing', async () => {
    const before = await api.client.send(new ListJourneysCommand({ ApplicationId: appId, PageSize: '500' }));
    const refused = create({
      StartCondition: { SegmentStartCondition: { SegmentId: 'new-users-segment-id' } },
      Schedule: { EndTime: new Date('2020-01-01T00:00:00Z') },
    });
    await expect(refused).rejects.toMatchObject({
      name: 'BadRequestException',
      message:
        'Schedule.EndTime: 2020-01-01T00:00:00.000Z has passed; StartCondition.SegmentStartCondition.SegmentId: no segment "new-users-segment-id" in this application',
    });
    const after = await api.client.send(new ListJourneysCommand({ ApplicationId: appId, PageSize: '500' }));
    expect(after.JourneysResponse?.Item).toHaveLength(before.JourneysResponse?.Item?.length ?? -1);
  });

  it('400 names every problem with its path', async () => {
    const refused = create({
      StartActivity: 'a',
      Activities: {
        a: { EMAIL: { TemplateName: '', NextActivity: 'b' } },
        b: { Wait: { WaitTime: { WaitFor: 'soon' }, NextActivity: 'a' } },
      },
    });
    await expect(refused).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(refused).rejects.toThrow(
      /Activities\.a\.EMAIL\.TemplateName.*Activities\.b\.Wait\.WaitTime/,
    );
  });

  it.skipIf(!awsCliIsThere)('201 takes the canonical document from the AWS CLI', async () => {
    const request = JSON.stringify(canonical());
    const created = await aws(api.url, [
      'pinpoint',
      'create-journey',
      '--application-id',
      appId,
      '--write-journey-request',
      request,
    ]);
    expect(created.JourneyResponse).toMatchObject(canonical());
    const listed = await aws(api.url, ['pinpoint', 'list-journeys', '--application-id', appId]);
    expect(listed.JourneysResponse.Item[0].Id).toBe(created.JourneyResponse.Id);
  });
});

describe('GetJourney', () => {
  it('200 answers what was sent, with ids, state and times', async () => {
    const created = await create({ State: 'DRAFT' });
    const got = await api.client.send(new GetJourneyCommand({ ApplicationId: appId, JourneyId: created.Id }));
    expect(got.JourneyResponse).toEqual(created);
    expect(got.JourneyResponse).toMatchObject(canonical({ State: 'DRAFT' }));
  });

  it('404 for a journey that does not exist, or of another app', async () => {
    const other = await api.client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'other' } }),
    );
    const { Id } = await create({ State: 'DRAFT' });
    for (const [app, journey] of [
      [appId, 'nothing'],
      [other.ApplicationResponse?.Id, Id],
    ]) {
      const got = api.client.send(new GetJourneyCommand({ ApplicationId: app, JourneyId: journey }));
      await expect(got).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });
});

describe('UpdateJourney', () => {
  const update = (journey: JourneyResponse, changes: Partial<WriteJourneyRequest>) =>
    api.client.send(
      new UpdateJourneyCommand({
        ApplicationId: appId,
        JourneyId: journey.Id,
        WriteJourneyRequest: canonical(changes),
      }),
    );

  it('200 replaces a draft and publishes it', async () => {
    const draft = await create({ State: 'DRAFT', Name: 'first' });
    const renamed = await update(draft, { State: 'DRAFT', Name: 'second' });
    expect(renamed.JourneyResponse).toMatchObject({ Name: 'second', State: 'DRAFT' });
    const published = await update(draft, { Name: 'third' });
    expect(published.JourneyResponse).toMatchObject({ Name: 'third', State: 'ACTIVE', Id: draft.Id });
    expect(await outboxOf(draft)).toHaveLength(1);
  });

  it('409 for a journey that is published', async () => {
    const journey = await create();
    await expect(update(journey, { Name: 'late' })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('404 for one that does not exist', async () => {
    await expect(update({ ApplicationId: appId, Id: 'none', Name: '' }, {})).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('ListJourneys', () => {
  it('200 pages newest first without losing or repeating one', async () => {
    const app = await api.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'pages' } }));
    const id = app.ApplicationResponse?.Id;
    for (const name of ['one', 'two', 'three']) {
      const request = { ApplicationId: id, WriteJourneyRequest: { Name: name } };
      await api.client.send(new CreateJourneyCommand(request));
    }
    const first = await api.client.send(new ListJourneysCommand({ ApplicationId: id, PageSize: '2' }));
    expect(first.JourneysResponse?.Item?.map((journey) => journey.Name)).toEqual(['three', 'two']);
    const second = await api.client.send(
      new ListJourneysCommand({ ApplicationId: id, PageSize: '2', Token: first.JourneysResponse?.NextToken }),
    );
    expect(second.JourneysResponse?.Item?.map((journey) => journey.Name)).toEqual(['one']);
    expect(second.JourneysResponse?.NextToken).toBeUndefined();
  });
});

describe('UpdateJourneyState', () => {
  it('200 pauses and resumes: the pause is kept, who was parked is woken once', async () => {
    const journey = await create();
    const parked = await enter(journey, 'parked', 0);
    await enter(journey, 'waiting', null);
    expect(await setState(journey, 'PAUSED')).toBe('PAUSED');
    expect(await setState(journey, 'ACTIVE')).toBe('ACTIVE');
    const pauses = await database.db
      .selectFrom('journey_pause')
      .selectAll()
      .where('journey_id', '=', journey.Id ?? '')
      .execute();
    expect(pauses).toHaveLength(1);
    expect(pauses[0]?.resumed_at?.getTime()).toBeGreaterThanOrEqual(pauses[0]?.paused_at.getTime() ?? 0);
    const rows = (await outboxOf(journey)).slice(1);
    expect(
      rows.map(({ kind, workflow_id, entry_id, payload }) => [kind, workflow_id, entry_id, payload]),
    ).toEqual([
      ['signal', `journey-life/${journey.Id}`, null, { signal: 'journeyChanged' }],
      ['wake', `journey/${journey.Id}/parked/${parked}`, parked, {}],
    ]);
    const { epoch } = await database.db
      .selectFrom('journey')
      .select('epoch')
      .where('id', '=', journey.Id ?? '')
      .executeTakeFirstOrThrow();
    expect(epoch).toBe(1);
  });

  it('200 for the state it is in already, changing nothing', async () => {
    const journey = await create();
    expect(await setState(journey, 'ACTIVE')).toBe('ACTIVE');
    expect(await outboxOf(journey)).toHaveLength(1);
  });

  it('200 cancels, ends the parked and the life, and a cancelled journey stays so', async () => {
    const journey = await create();
    await setState(journey, 'PAUSED');
    const parked = await enter(journey, 'parked', 0);
    expect(await setState(journey, 'CANCELLED')).toBe('CANCELLED');
    const rows = (await outboxOf(journey)).slice(1);
    expect(rows.map((row) => [row.kind, row.entry_id, row.payload])).toEqual([
      ['signal', null, { signal: 'journeyChanged' }],
      ['wake', parked, {}],
    ]);
    await expect(setState(journey, 'ACTIVE')).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  it('200 of a cancel comes only when no call to a provider is on its way', async () => {
    const journey = await create();
    const entry = await enter(journey, 'sending', null);
    const claim = { app_id: appId, owner: entry, seq: 1, step: 'WelcomeEmail', recipient: 'sending' };
    await database.db
      .insertInto('message')
      .values({
        ...claim,
        owner_kind: 'entry',
        channel: 'EMAIL',
        channel_type: 'EMAIL',
        address: 'someone@example.com',
        class: 'marketing',
        journey_id: journey.Id ?? '',
        state: 'claimed',
        attempt: 1,
        claimed_at: new Date(),
        rendered: json({}),
        created_at: new Date(),
      })
      .execute();
    let answered = false;
    const cancelled = setState(journey, 'CANCELLED').then(() => {
      answered = true;
    });
    await expect.poll(() => stateOf(journey)).toBe('CANCELLED');
    expect(answered).toBe(false);
    await database.db.updateTable('message').set({ state: 'sent' }).where('owner', '=', entry).execute();
    await cancelled;
    expect(answered).toBe(true);
  });

  it.each([
    ['PAUSED', 'a journey that is DRAFT cannot become PAUSED'],
    ['ACTIVE', 'publish a draft by UpdateJourney'],
    ['CANCELLED', 'only one that is ACTIVE or PAUSED or CLOSED can'],
    ['CLOSED', 'CLOSED cannot be asked for'],
  ] as const)('400 for a draft that is to become %s', async (state, message) => {
    const journey = await create({ State: 'DRAFT' });
    await expect(setState(journey, state)).rejects.toThrow(message);
  });

  it('404 for a journey that does not exist', async () => {
    await expect(setState({ ApplicationId: appId, Id: 'none', Name: '' }, 'PAUSED')).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  async function stateOf(journey: JourneyResponse) {
    const got = await api.client.send(new GetJourneyCommand({ ApplicationId: appId, JourneyId: journey.Id }));
    return got.JourneyResponse?.State;
  }
});

describe('DeleteJourney', () => {
  const remove = async (journey: JourneyResponse) => {
    const deleted = await api.client.send(
      new DeleteJourneyCommand({ ApplicationId: appId, JourneyId: journey.Id }),
    );
    return deleted.JourneyResponse?.State;
  };
  const rowOf = (journey: JourneyResponse) =>
    database.db
      .selectFrom('journey')
      .select(['state'])
      .where('id', '=', journey.Id ?? '')
      .executeTakeFirst();

  it('200 cancels a running journey and shows it no more; what it did is kept', async () => {
    const journey = await create();
    expect(await remove(journey)).toBe('CANCELLED');
    await expect(remove(journey)).rejects.toMatchObject({ name: 'NotFoundException' });
    const listed = await api.client.send(new ListJourneysCommand({ ApplicationId: appId, PageSize: '500' }));
    expect(listed.JourneysResponse?.Item?.map((each) => each.Id)).not.toContain(journey.Id);
    expect(await rowOf(journey)).toEqual({ state: 'CANCELLED' });
    expect((await outboxOf(journey)).map((row) => row.kind)).toEqual(['start', 'signal']);
  });

  it('200 leaves nothing of a draft', async () => {
    const journey = await create({ State: 'DRAFT' });
    expect(await remove(journey)).toBe('DRAFT');
    expect(await rowOf(journey)).toBeUndefined();
  });
});
