import { expect, it } from 'vitest';
import { tutorial } from '../../support/tutorial.ts';
import { arnOf, hexId, received, someDate, type TutorialScene } from './scene.ts';

/** Who is written to, and a campaign to them. */
export function segmentSteps(scene: TutorialScene): void {
  const { call, refusal } = scene;

  it('step 4: a segment in segment groups, which can be read, listed, changed and deleted', async () => {
    const printed = tutorial('04-create-segment');
    const created = await call('CreateSegment', {
      ApplicationId: scene.ApplicationId,
      WriteSegmentRequest: printed,
    });
    const segment = created.SegmentResponse;
    expect(created.status).toBe(201);
    expect(segment).toMatchObject({
      ...printed,
      ApplicationId: scene.ApplicationId,
      Id: expect.stringMatching(hexId),
      Arn: arnOf(`apps/${scene.ApplicationId}/segments/${segment?.Id}`),
      SegmentType: 'DIMENSIONAL',
      Version: 1,
      CreationDate: someDate,
    });
    scene.SegmentId = segment?.Id ?? '';
    const recent = await call('CreateSegment', {
      ApplicationId: scene.ApplicationId,
      WriteSegmentRequest: recentDevices,
    });
    const key = { ApplicationId: scene.ApplicationId, SegmentId: recent.SegmentResponse?.Id ?? '' };
    expect(recent.SegmentResponse).toMatchObject(recentDevices);
    const changed = await call('UpdateSegment', { ...key, WriteSegmentRequest: { Name: 'Renamed' } });
    expect(changed.SegmentResponse).toMatchObject({ ...recentDevices, Name: 'Renamed', Version: 2 });
    expect((await call('GetSegment', key)).SegmentResponse).toEqual(changed.SegmentResponse);
    const listed = await call('GetSegments', { ApplicationId: scene.ApplicationId });
    expect(listed.SegmentsResponse?.Item?.map((item) => item.Name).sort()).toEqual([
      'New Premium Users',
      'Renamed',
    ]);
    await call('DeleteSegment', key);
    expect(await refusal('GetSegment', key)).toMatchObject({ type: 'NotFoundException' });
  });

  it('step 5: the campaign, past as printed and so sent at once, to the members and nobody else', async () => {
    const created = await call('CreateCampaign', {
      ApplicationId: scene.ApplicationId,
      WriteCampaignRequest: { ...tutorial('05-create-campaign'), SegmentId: scene.SegmentId },
    });
    expect(created.status).toBe(201);
    const CampaignId = created.CampaignResponse?.Id ?? '';
    expect(created.CampaignResponse).toMatchObject({
      ...tutorial('05-create-campaign'),
      SegmentId: scene.SegmentId,
      Arn: arnOf(`apps/${scene.ApplicationId}/campaigns/${CampaignId}`),
      State: { CampaignStatus: 'SCHEDULED' },
    });
    await scene.world.settle();
    const messages = await received(scene, { campaignId: CampaignId });
    expect(messages.map((message) => message.to).sort()).toEqual([
      'ada@example.com',
      'ben@example.com',
      'user123@example.com',
    ]);
    expect(messages[0]).toMatchObject({
      channel: 'EMAIL',
      from: 'team@yourapp.com',
      subject: 'Get the most out of your premium plan',
      html: expect.stringContaining('<h1>Welcome to Premium!</h1>'),
    });
    const key = { ApplicationId: scene.ApplicationId, CampaignId };
    const [read, activities, listed] = await Promise.all([
      call('GetCampaign', key),
      call('GetCampaignActivities', key),
      call('GetCampaigns', { ApplicationId: scene.ApplicationId }),
    ]);
    expect(read.CampaignResponse?.State).toEqual({ CampaignStatus: 'COMPLETED' });
    expect(activities.ActivitiesResponse?.Item).toMatchObject([
      { State: 'COMPLETED', Result: 'SUCCESS', TotalEndpointCount: 3, SuccessfulEndpointCount: 3 },
    ]);
    expect(listed.CampaignsResponse?.Item).toEqual([read.CampaignResponse]);
    await call('DeleteCampaign', key);
    const deleted = await call('GetCampaign', key);
    expect(deleted.CampaignResponse?.State).toEqual({ CampaignStatus: 'DELETED' });
  });
}

/** A segment over every kind of dimension; "signed up in the last 30 days" is its first. */
const recentDevices = {
  Name: 'Recent devices in Seattle',
  SegmentGroups: {
    Include: 'ANY' as const,
    Groups: [
      {
        Type: 'ALL' as const,
        SourceType: 'ALL' as const,
        Dimensions: [
          {
            UserAttributes: { SignupDate: { AttributeType: 'AFTER' as const, Values: ['-P30D'] } },
            Attributes: { DeviceOS: { AttributeType: 'INCLUSIVE' as const, Values: ['iOS'] } },
            Demographic: { Make: { DimensionType: 'INCLUSIVE' as const, Values: ['Apple'] } },
            Location: { Country: { DimensionType: 'INCLUSIVE' as const, Values: ['US'] } },
            Metrics: { SessionCount: { ComparisonOperator: 'GREATER_THAN', Value: 10 } },
          },
        ],
      },
    ],
  },
};
