import { readFile } from 'node:fs/promises';
import {
  CreateCampaignCommand,
  DeleteCampaignCommand,
  GetCampaignActivitiesCommand,
  GetCampaignsCommand,
  GetCampaignVersionCommand,
  GetCampaignVersionsCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { testClient } from '../../../support/api.ts';
import { addEveryone } from '../../../support/audience.ts';
import { aws, awsCliIsThere } from '../../../support/awsCli.ts';
import { markAsSameCall } from '../../../support/sameCall.ts';
import { email, later, useWrittenCampaigns } from '../../../support/writtenCampaigns.ts';

const { api, appId, clock, create, database, outbox, read, update, warned, warningsOf } =
  useWrittenCampaigns();

const status = (campaign: { State?: { CampaignStatus?: string } } | undefined) =>
  campaign?.State?.CampaignStatus;

describe('CreateCampaign', () => {
  it('201 with what was written and the values Pinpoint states for the rest, its segment version pinned', async () => {
    const { id, ...campaign } = await create({ ...later, tags: { team: 'growth' } });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(campaign).toEqual({
      AdditionalTreatments: [],
      ApplicationId: appId(),
      Arn: `arn:aws:mobiletargeting:us-east-1:000000000000:apps/${appId()}/campaigns/${id}`,
      CreationDate: '2026-03-01T12:00:00.000Z',
      DefaultState: { CampaignStatus: 'SCHEDULED' },
      HoldoutPercent: 0,
      Id: id,
      IsPaused: false,
      LastModifiedDate: '2026-03-01T12:00:00.000Z',
      Limits: { Daily: 0, MaximumDuration: 60, MessagesPerSecond: 50, Total: 0 },
      MessageConfiguration: email,
      Name: 'Tips',
      Schedule: {
        Frequency: 'ONCE',
        IsLocalTime: false,
        StartTime: '2026-03-02T10:00:00Z',
        Timezone: 'utc',
      },
      SegmentId: 'everyone',
      SegmentVersion: 1,
      State: { CampaignStatus: 'SCHEDULED' },
      TemplateConfiguration: {},
      Version: 1,
      tags: { team: 'growth' },
    });
  });

  it('starts the campaign’s workflow through the outbox, with ids only', async () => {
    const { id } = await create();
    const row = await database.db
      .selectFrom('outbox')
      .selectAll()
      .where('app_id', '=', appId())
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ kind: 'start', workflow_id: `campaign-run/${id}/1` });
    expect(row.payload).toEqual({
      workflowType: 'campaignRun',
      input: { appId: appId(), campaignId: id, version: 1 },
      summary: 'Tips',
    });
  });

  it('starts nothing for a paused campaign or one without a schedule', async () => {
    expect(status(await create({ ...later, IsPaused: true }))).toBe('PAUSED');
    expect(status(await create({ ...later, Schedule: undefined }))).toBe('PAUSED');
    expect(await outbox()).toEqual([]);
  });

  it('400 for a segment, or a version of one, that does not exist', async () => {
    await expect(create({ ...later, SegmentId: 'nobody' })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'SegmentId: there is no segment "nobody"',
    });
    await expect(create({ ...later, SegmentVersion: 7 })).rejects.toMatchObject({
      message: 'SegmentId: there is no segment "everyone" version 7',
    });
    expect(await outbox()).toEqual([]);
  });

  it('400 names everything at once: schedule, texts, segment and tags', async () => {
    const QuietTime = { Start: '10 pm', End: '07:00' };
    const Schedule = { ...later.Schedule, StartTime: 'IMMEDIATE', QuietTime };
    const MessageConfiguration = { EmailMessage: { Title: 'Tips', HtmlBody: '{{#if Name}}' } };
    const tags = { 'aws:team': 'growth' };
    const request = { ...later, SegmentId: 'nobody', Schedule, MessageConfiguration, tags };
    const error = await create(request).catch(({ message }: Error) => message);
    for (const path of ['Schedule.QuietTime.Start', 'EmailMessage.HtmlBody', 'SegmentId', 'tags.aws:team'])
      expect(error).toContain(`${path}: `);
  });

  it('501 names what is not built', async () => {
    await expect(create({ ...later, HoldoutPercent: 10 })).rejects.toMatchObject({
      message: expect.stringContaining('HoldoutPercent: is not built'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('tells of a start that is past, and of a template that is missing', async () => {
    const past = { ...later, Schedule: { StartTime: '2026-02-13T10:00:00Z' } };
    expect(await warningsOf(past)).toContain('"2026-02-13T10:00:00Z" is past, so the campaign starts now');
    const TemplateConfiguration = { EmailTemplate: { Name: 'tips', Version: '2' } };
    expect(await warningsOf({ ...later, TemplateConfiguration })).toBe(
      'TemplateConfiguration: no template "tips" version 2 of type EMAIL; its messages are skipped as TEMPLATE_MISSING until there is one',
    );
    expect(await warningsOf(later)).toBe('');
  });

  it('makes one campaign of an invocation that a client repeats', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, 'the-same');
    const send = async () => {
      const command = new CreateCampaignCommand({ ApplicationId: appId(), WriteCampaignRequest: later });
      return (await client.send(command)).CampaignResponse;
    };
    const first = await send();
    expect(await send()).toEqual(first);
    client.destroy();
    expect(await outbox()).toEqual([`start campaign-run/${first?.Id}/1`]);
  });
});

describe('UpdateCampaign', () => {
  it('one that was paused because its workflow was ended says so until it goes on', async () => {
    const { id } = await create({ ...later, IsPaused: true });
    const paused = { paused_because: 'OPERATOR_TERMINATED' };
    await database.db.updateTable('campaign_version').set(paused).where('campaign_id', '=', id).execute();
    const reason = async () => {
      await read(id);
      return warned();
    };
    const told =
      'State: OPERATOR_TERMINATED: its workflow was ended in Temporal, so it is paused; IsPaused false has it go on after those it has reached';
    expect(await reason()).toBe(told);
    await update(id, { Description: 'ended at night' });
    expect(await reason()).toBe(told);
    await update(id, { IsPaused: false });
    expect(await reason()).toBe('');
  });

  it('IsPaused alone pauses, keeps the rest, and starts nothing', async () => {
    const { id } = await create();
    clock.time = new Date('2026-03-01T13:00:00Z');
    const paused = await update(id, { IsPaused: true });
    expect(paused).toMatchObject({ Version: 2, IsPaused: true, Name: 'Tips', MessageConfiguration: email });
    expect(paused?.LastModifiedDate).toBe('2026-03-01T13:00:00.000Z');
    expect(paused?.CreationDate).toBe('2026-03-01T12:00:00.000Z');
    expect(status(paused)).toBe('PAUSED');
    expect(await outbox()).toEqual([`start campaign-run/${id}/1`, `signal campaign-run/${id}/1`]);
  });

  it('un-pausing and rescheduling start the workflow of the new version', async () => {
    const { id } = await create({ ...later, IsPaused: true });
    expect(status(await update(id, { IsPaused: false }))).toBe('SCHEDULED');
    const moved = await update(id, { Schedule: { StartTime: '2026-03-05T10:00:00Z' } });
    expect(moved?.Schedule?.StartTime).toBe('2026-03-05T10:00:00Z');
    const starts = (await outbox()).filter((row) => row.startsWith('start'));
    expect(starts).toEqual([`start campaign-run/${id}/2`, `start campaign-run/${id}/3`]);
  });

  it('keeps the segment’s version until a segment is named', async () => {
    const { id } = await create();
    await addEveryone(database.db, appId(), 'others');
    expect(await update(id, { Name: 'Renamed' })).toMatchObject({ SegmentId: 'everyone', SegmentVersion: 1 });
    expect(await update(id, { SegmentId: 'others' })).toMatchObject({
      SegmentId: 'others',
      SegmentVersion: 1,
    });
  });

  it('keeps every version readable', async () => {
    const { id } = await create();
    await update(id, { Name: 'Second' });
    const key = { ApplicationId: appId(), CampaignId: id };
    const first = await api.client.send(new GetCampaignVersionCommand({ ...key, Version: '1' }));
    expect(first.CampaignResponse).toMatchObject({ Version: 1, Name: 'Tips' });
    const page = await api.client.send(new GetCampaignVersionsCommand({ ...key, PageSize: '1' }));
    expect(page.CampaignsResponse?.Item?.map((item) => item.Version)).toEqual([2]);
    const Token = page.CampaignsResponse?.NextToken;
    const rest = await api.client.send(new GetCampaignVersionsCommand({ ...key, PageSize: '1', Token }));
    expect(rest.CampaignsResponse?.Item?.map((item) => item.Version)).toEqual([1]);
    expect(rest.CampaignsResponse?.NextToken).toBeUndefined();
  });

  it('400 leaves the campaign as it was', async () => {
    const { id } = await create();
    await expect(update(id, { Limits: { MaximumDuration: 1 } })).rejects.toMatchObject({
      message: expect.stringContaining('Limits.MaximumDuration'),
    });
    expect(await read(id)).toMatchObject({ Version: 1 });
  });
});

describe('DeleteCampaign', () => {
  it('answers the campaign as DELETED, which stays readable and is listed no more', async () => {
    const { id } = await create();
    const key = { ApplicationId: appId(), CampaignId: id };
    const deleted = await api.client.send(new DeleteCampaignCommand(key));
    expect(status(deleted.CampaignResponse)).toBe('DELETED');
    expect(status(await read(id))).toBe('DELETED');
    const list = await api.client.send(new GetCampaignsCommand({ ApplicationId: appId() }));
    expect(list.CampaignsResponse?.Item).toEqual([]);
    await expect(update(id, { IsPaused: false })).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(api.client.send(new DeleteCampaignCommand(key))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('GetCampaign, GetCampaigns, GetCampaignActivities', () => {
  it('404 for a campaign that is not there', async () => {
    await expect(read('nothing')).rejects.toMatchObject({ name: 'NotFoundException' });
    const key = { ApplicationId: appId(), CampaignId: 'nothing' };
    await expect(api.client.send(new GetCampaignActivitiesCommand(key))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('lists newest first, page by page', async () => {
    const names: (string | undefined)[] = [];
    for (const Name of ['first', 'second', 'third']) {
      clock.time = new Date(clock.time.getTime() + 1000);
      await create({ ...later, Name });
    }
    let Token: string | undefined;
    do {
      const page = await api.client.send(
        new GetCampaignsCommand({ ApplicationId: appId(), PageSize: '2', Token }),
      );
      names.push(...(page.CampaignsResponse?.Item ?? []).map((item) => item.Name));
      Token = page.CampaignsResponse?.NextToken;
    } while (Token !== undefined);
    expect(names).toEqual(['third', 'second', 'first']);
  });

  it('has no activities before a run has begun', async () => {
    const { id } = await create();
    const key = { ApplicationId: appId(), CampaignId: id };
    const activities = await api.client.send(new GetCampaignActivitiesCommand(key));
    expect(activities.ActivitiesResponse).toEqual({ Item: [] });
  });
});

describe.skipIf(!awsCliIsThere)('the AWS CLI', () => {
  it('creates the tutorial’s campaign as printed', async () => {
    const printed = await readFile('examples/tutorial/05-create-campaign.json', 'utf8');
    const created = await aws(api.url, [
      'pinpoint',
      'create-campaign',
      '--application-id',
      appId(),
      '--write-campaign-request',
      printed.replace('SEGMENT_ID', 'everyone'),
    ]);
    expect(created.CampaignResponse).toMatchObject({
      Name: 'Premium Onboarding Tips',
      State: { CampaignStatus: 'SCHEDULED' },
      Limits: { Daily: 1, MaximumDuration: 60, MessagesPerSecond: 50, Total: 1 },
      Schedule: { Frequency: 'ONCE', Timezone: 'America/Los_Angeles' },
    });
    const id = created.CampaignResponse.Id;
    const key = ['--application-id', appId(), '--campaign-id', id];
    expect((await aws(api.url, ['pinpoint', 'get-campaign', ...key])).CampaignResponse).toEqual(
      created.CampaignResponse,
    );
    const deleted = await aws(api.url, ['pinpoint', 'delete-campaign', ...key]);
    expect(deleted.CampaignResponse.State.CampaignStatus).toBe('DELETED');
  });
});
