import {
  CreateJourneyCommand,
  GetJourneyCommand,
  type JourneyResponse,
  ListJourneysCommand,
  UpdateJourneyCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { sendJourney } from '../../../src/cli/sendJourney.ts';
import { insertTemplate } from '../../../src/db/templates.ts';
import { createApp, testClient } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { markAsSameCall } from '../../support/sameCall.ts';
import { tutorial } from '../../support/tutorial.ts';
import { useWrittenJourneys } from '../../support/writtenJourneys.ts';

const { api, appId, canonical, create, database, outboxOf, segmentId } = useWrittenJourneys();

describe('CreateJourney', () => {
  it('201 publishes the canonical document: pins its segment, has its life started once, answers what matches', async () => {
    const text = JSON.stringify(canonical());
    const { journey, matching, warnings } = await sendJourney(api.client, appId(), text);
    expect(journey).toMatchObject({ State: 'ACTIVE', ApplicationId: appId(), Name: 'New User Onboarding' });
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
          input: { appId: appId(), journeyId: journey.Id },
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
    const { journey, warnings } = await sendJourney(api.client, appId(), JSON.stringify(printed));
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
    const { warnings } = await sendJourney(api.client, appId(), JSON.stringify(canonical()));
    expect(warnings.filter((warning) => warning.includes('WelcomeEmail'))).toEqual([]);
  });

  it('201 keeps a schedule, and starts at once when its start has passed', async () => {
    const schedule = {
      StartTime: new Date('2026-01-01T00:00:00Z'),
      EndTime: new Date('2999-01-01T00:00:00Z'),
    };
    const { journey, warnings } = await sendJourney(
      api.client,
      appId(),
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
    const request = { ApplicationId: appId(), WriteJourneyRequest: canonical() };
    const send = () => client.send(new CreateJourneyCommand(request));
    const [first, second] = await Promise.all([send(), send()]);
    client.destroy();
    expect(second.JourneyResponse?.Id).toBe(first.JourneyResponse?.Id);
    expect(await outboxOf(first.JourneyResponse ?? { ApplicationId: '', Id: '', Name: '' })).toHaveLength(1);
  });

  it('400 names an unknown segment and an end that has passed, and stores nothing', async () => {
    const before = await api.client.send(
      new ListJourneysCommand({ ApplicationId: appId(), PageSize: '500' }),
    );
    const refused = create({
      StartCondition: { SegmentStartCondition: { SegmentId: 'new-users-segment-id' } },
      Schedule: { EndTime: new Date('2020-01-01T00:00:00Z') },
    });
    await expect(refused).rejects.toMatchObject({
      name: 'BadRequestException',
      message:
        'Schedule.EndTime: 2020-01-01T00:00:00.000Z has passed; StartCondition.SegmentStartCondition.SegmentId: no segment "new-users-segment-id" in this application',
    });
    const after = await api.client.send(new ListJourneysCommand({ ApplicationId: appId(), PageSize: '500' }));
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
      appId(),
      '--write-journey-request',
      request,
    ]);
    expect(created.JourneyResponse).toMatchObject(canonical());
    const listed = await aws(api.url, ['pinpoint', 'list-journeys', '--application-id', appId()]);
    expect(listed.JourneysResponse.Item[0].Id).toBe(created.JourneyResponse.Id);
  });
});

describe('GetJourney', () => {
  it('200 answers what was sent, with ids, state and times', async () => {
    const created = await create({ State: 'DRAFT' });
    const got = await api.client.send(
      new GetJourneyCommand({ ApplicationId: appId(), JourneyId: created.Id }),
    );
    expect(got.JourneyResponse).toEqual(created);
    expect(got.JourneyResponse).toMatchObject(canonical({ State: 'DRAFT' }));
  });

  it('404 for a journey that does not exist, or of another app', async () => {
    const other = await createApp(api.client);
    const { Id } = await create({ State: 'DRAFT' });
    for (const [app, journey] of [
      [appId(), 'nothing'],
      [other, Id],
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
        ApplicationId: appId(),
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
    await expect(update({ ApplicationId: appId(), Id: 'none', Name: '' }, {})).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('ListJourneys', () => {
  it('200 pages newest first without losing or repeating one', async () => {
    const id = await createApp(api.client);
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
