import {
  CreateAppCommand,
  CreateJourneyCommand,
  CreateSegmentCommand,
  GetJourneyRunsCommand,
  UpdateJourneyCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { useApi } from '../../../support/api.ts';
import { useDatabase } from '../../../support/database.ts';
import { callSigned } from '../../../support/signedRequest.ts';
import { tutorial } from '../../../support/tutorial.ts';

const database = useDatabase();
const api = useApi(database);

async function ask(method: 'GET' | 'PUT', path: string, body: unknown = undefined) {
  const target = `/repoint/v1/apps/${path}`;
  const answer = await callSigned(api.url, {
    method,
    target,
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

/** A draft, and how it is published as it is. */
async function draft() {
  const { client } = api;
  const CreateApplicationRequest = { Name: 'entry' };
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest }));
  const ApplicationId = app.ApplicationResponse?.Id ?? '';
  const WriteSegmentRequest = tutorial('04-create-segment');
  const segment = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }));
  const journey = {
    ...tutorial('06-create-journey-canonical'),
    StartCondition: { SegmentStartCondition: { SegmentId: segment.SegmentResponse?.Id ?? '' } },
  };
  const created = await client.send(
    new CreateJourneyCommand({ ApplicationId, WriteJourneyRequest: { ...journey, State: 'DRAFT' } }),
  );
  const JourneyId = created.JourneyResponse?.Id ?? '';
  const publish = async () => {
    const WriteJourneyRequest = { ...journey, State: 'ACTIVE' as const };
    await client.send(new UpdateJourneyCommand({ ApplicationId, JourneyId, WriteJourneyRequest }));
    const { entry_mode } = await database.db
      .selectFrom('journey')
      .select('entry_mode')
      .where('id', '=', JourneyId)
      .executeTakeFirstOrThrow();
    return entry_mode;
  };
  return { appId: ApplicationId, path: `${ApplicationId}/journeys/${JourneyId}/entry`, JourneyId, publish };
}

describe('/repoint/v1/apps/{id}/journeys/{id}/entry', () => {
  it('settles how people enter a draft; a journey that is published keeps it', async () => {
    const { path, publish } = await draft();
    expect(await ask('GET', path)).toEqual({ status: 200, body: { Mode: null, MembersNow: 'enter' } });
    expect(await ask('PUT', path, { Mode: 'original', MembersNow: 'skip' })).toMatchObject({ status: 200 });
    expect(await publish()).toBe('original');
    expect(await ask('GET', path)).toEqual({ status: 200, body: { Mode: 'original', MembersNow: 'skip' } });
    expect((await ask('PUT', path, { Mode: 'live' })).status).toBe(409);
  });

  it.each([{ Mode: 'sometimes' }, { MembersNow: 'leave' }, { Modes: 'live' }])(
    'refuses %o with its path',
    async (body) => {
      const { status, body: answer } = await ask('PUT', (await draft()).path, body);
      expect(status).toBe(400);
      expect(answer.Message).toContain(Object.keys(body)[0]);
    },
  );

  it('answers 404 for a journey that does not exist', async () => {
    const { appId } = await draft();
    expect((await ask('GET', `${appId}/journeys/none/entry`)).status).toBe(404);
    expect((await ask('PUT', `${appId}/journeys/none/entry`, {})).status).toBe(404);
  });
});

describe('/repoint/v1/apps/{id}/journey-entry', () => {
  it('is how people enter the journeys that the app publishes from then on, where they say nothing themselves', async () => {
    const { appId, publish } = await draft();
    expect(await ask('PUT', `${appId}/journey-entry`, { Mode: 'original' })).toMatchObject({ status: 200 });
    expect(await ask('GET', `${appId}/journey-entry`)).toEqual({ status: 200, body: { Mode: 'original' } });
    expect(await publish()).toBe('original');
    expect(await (await draft()).publish()).toBe('live');
  });

  it('refuses what is no mode, and an app that does not exist', async () => {
    const { appId } = await draft();
    expect((await ask('PUT', `${appId}/journey-entry`, { Mode: 'never' })).status).toBe(400);
    expect((await ask('PUT', 'nothing/journey-entry', { Mode: 'live' })).status).toBe(404);
    expect((await ask('GET', 'nothing/journey-entry')).status).toBe(404);
  });
});

describe('GetJourneyRuns', () => {
  it('lists a run from the publication on, page by page, newest first', async () => {
    const { appId: ApplicationId, JourneyId, publish } = await draft();
    const runs = async (more: object = {}) =>
      (await api.client.send(new GetJourneyRunsCommand({ ApplicationId, JourneyId, ...more })))
        .JourneyRunsResponse;
    expect(await runs()).toEqual({ Item: [] });
    await publish();
    const [run] = (await runs())?.Item ?? [];
    expect(run).toMatchObject({ RunId: expect.stringMatching(/^[0-9a-f]{32}$/), Status: 'SCHEDULED' });
    const later = new Date(Date.now() + 1000);
    await database.db
      .insertInto('journey_run')
      .columns(['app_id', 'id', 'journey_id', 'no', 'state', 'created_at', 'updated_at'])
      .expression((eb) =>
        eb
          .selectFrom('journey_run')
          .select((select) => [
            'app_id',
            select.val('later').as('id'),
            'journey_id',
            select.val(1).as('no'),
            'state',
            select.val(later).as('created_at'),
            'updated_at',
          ])
          .where('id', '=', run?.RunId ?? ''),
      )
      .execute();
    const first = await runs({ PageSize: '1' });
    expect(first?.Item?.map((each) => each.RunId)).toEqual(['later']);
    const second = await runs({ PageSize: '1', Token: first?.NextToken });
    expect(second?.Item?.map((each) => each.RunId)).toEqual([run?.RunId]);
    expect(second?.NextToken).toBeUndefined();
  });

  it('answers 404 for a journey that does not exist', async () => {
    const { appId: ApplicationId } = await draft();
    const command = new GetJourneyRunsCommand({ ApplicationId, JourneyId: 'none' });
    await expect(api.client.send(command)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
