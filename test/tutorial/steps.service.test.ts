import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, callers } from '../support/caller.ts';
import { createLocalBucket, type LocalBucket } from '../support/localBucket.ts';
import { tutorial, tutorialText } from '../support/tutorial.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let bucket: LocalBucket;
beforeAll(async () => {
  bucket = await createLocalBucket();
  await bucket.put('endpoints/users.json', tutorialText('users'));
  world = await startWorld({ deps: { files: bucket.files } });
});
afterAll(async () => {
  await world?.close();
  await bucket.remove();
});

const someDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const hexId = /^[0-9a-f]{32}$/;
const arnOf = (path: string) =>
  expect.stringMatching(new RegExp(`^arn:aws:mobiletargeting:us-east-1:\\d{12}:${path}$`));

/** The steps of the tutorial but its sixth, in order: each goes on from what the ones before have left. */
describe.each(callers)('the tutorial through %s', (_, callerAt) => {
  let caller: Caller;
  let ApplicationId: string;
  let SegmentId: string;
  const call: Caller['call'] = (operation, input) => caller.call(operation, input);

  beforeAll(async () => {
    caller = callerAt(world);
    const created = await call('CreateApp', { CreateApplicationRequest: tutorial('01-create-app') });
    ApplicationId = created.ApplicationResponse?.Id ?? '';
  });

  async function received(by: { to?: string; campaignId?: string }) {
    const messages = await world.mailbox.messages(by.to === undefined ? {} : { to: by.to });
    return messages.filter(
      (message) =>
        message.appId === ApplicationId &&
        (by.campaignId === undefined || message.campaignId === by.campaignId),
    );
  }

  it('step 1: an application with tags, which can be read, listed, tagged and untagged', async () => {
    const { status, ApplicationResponse: other } = await call('CreateApp', {
      CreateApplicationRequest: tutorial('01-create-app'),
    });
    expect(status).toBe(201);
    const app = {
      ...tutorial('01-create-app'),
      Id: expect.stringMatching(hexId),
      Arn: arnOf(`apps/${other?.Id}`),
      CreationDate: someDate,
    };
    expect(other).toEqual(app);
    const ResourceArn = other?.Arn ?? '';
    const [read, listed] = await Promise.all([
      call('GetApp', { ApplicationId: other?.Id ?? '' }),
      call('GetApps', {}),
    ]);
    expect(read).toEqual({ status: 200, ApplicationResponse: app });
    expect(listed.ApplicationsResponse?.Item).toContainEqual(app);
    const tagged = await call('TagResource', { ResourceArn, TagsModel: { tags: { Stage: 'trial' } } });
    expect(tagged.status).toBe(204);
    await call('UntagResource', { ResourceArn, TagKeys: ['Team', 'Environment'] });
    const tags = await call('ListTagsForResource', { ResourceArn });
    expect(tags).toEqual({ status: 200, TagsModel: { tags: { Stage: 'trial' } } });
    const deleted = await call('DeleteApp', { ApplicationId: other?.Id ?? '' });
    expect(deleted.ApplicationResponse).toEqual({ ...app, tags: { Stage: 'trial' } });
    expect(await caller.refusal('GetApp', { ApplicationId: other?.Id ?? '' })).toEqual({
      type: 'NotFoundException',
      message: expect.stringContaining(other?.Id ?? ''),
    });
  });

  it('step 2: the four channels, which keep and answer no credential', async () => {
    const [email, sms, apns, gcm] = await Promise.all([
      call('UpdateEmailChannel', { ApplicationId, EmailChannelRequest: tutorial('02-update-email-channel') }),
      call('UpdateSmsChannel', { ApplicationId, SMSChannelRequest: tutorial('02-update-sms-channel') }),
      call('UpdateApnsChannel', { ApplicationId, APNSChannelRequest: tutorial('02-update-apns-channel') }),
      call('UpdateGcmChannel', { ApplicationId, GCMChannelRequest: tutorial('02-update-gcm-channel') }),
    ]);
    const common = { ApplicationId, Enabled: true, CreationDate: someDate, Version: 1, IsArchived: false };
    expect(email.EmailChannelResponse).toMatchObject({
      ...common,
      ...tutorial('02-update-email-channel'),
      Platform: 'EMAIL',
      Id: 'email',
    });
    expect(sms.SMSChannelResponse).toMatchObject({ ...common, Platform: 'SMS', SenderId: 'MyApp' });
    expect(apns.APNSChannelResponse).toMatchObject({ ...common, Platform: 'APNS', HasCredential: true });
    expect(gcm.GCMChannelResponse).toMatchObject({ ...common, Platform: 'GCM', HasCredential: true });
    const rows = await world.deps.db.selectFrom('channel').selectAll().execute();
    expect(JSON.stringify([email, sms, apns, gcm, rows])).not.toMatch(
      /your-fcm-server-key|PRIVATE KEY|BEGIN CERTIFICATE/,
    );
    const { ChannelsResponse: all } = await call('GetChannels', { ApplicationId });
    expect(Object.keys(all?.Channels ?? {}).sort()).toEqual(['APNS', 'EMAIL', 'GCM', 'SMS']);
    expect((await call('GetApnsChannel', { ApplicationId })).APNSChannelResponse).toEqual(
      apns.APNSChannelResponse,
    );
    await call('DeleteGcmChannel', { ApplicationId });
    expect(await caller.refusal('GetGcmChannel', { ApplicationId })).toMatchObject({
      type: 'NotFoundException',
    });
  });

  it("step 3: a user's two endpoints, which share the user's attributes", async () => {
    const iphone = { ApplicationId, EndpointId: 'user123-iphone' };
    const put = await call('UpdateEndpoint', {
      ...iphone,
      EndpointRequest: tutorial('03-update-endpoint-iphone'),
    });
    const accepted = { Message: 'Accepted', RequestID: expect.stringMatching(/.+/) };
    expect(put).toEqual({ status: 202, MessageBody: accepted });
    await call('UpdateEndpoint', {
      ApplicationId,
      EndpointId: 'user123-email',
      EndpointRequest: tutorial('03-update-endpoint-email'),
    });
    const read = await call('GetEndpoint', iphone);
    expect(read.EndpointResponse).toMatchObject({
      ...tutorial('03-update-endpoint-iphone'),
      Id: 'user123-iphone',
      EndpointStatus: 'ACTIVE',
      OptOut: 'NONE',
      CreationDate: someDate,
    });
    const of = await call('GetUserEndpoints', { ApplicationId, UserId: 'user123' });
    const { User } = tutorial('03-update-endpoint-iphone');
    expect(of.EndpointsResponse?.Item?.map((item) => [item.Id, item.User])).toEqual([
      ['user123-email', User],
      ['user123-iphone', User],
    ]);
  });

  it('step 3: endpoints in a batch, deleted one by one and by their user', async () => {
    const EndpointBatchRequest = {
      Item: [
        { Id: 'b-1', ChannelType: 'SMS', Address: '+12065550101', User: { UserId: 'b' } },
        { Id: 'b-2', ChannelType: 'SMS', Address: '+12065550102', User: { UserId: 'b' } },
        { Id: 'b-3', ChannelType: 'SMS', Address: '+12065550103' },
      ] as const,
    };
    const batch = await call('UpdateEndpointsBatch', {
      ApplicationId,
      EndpointBatchRequest: { Item: [...EndpointBatchRequest.Item] },
    });
    expect(batch).toMatchObject({ status: 202, MessageBody: { Message: 'Accepted' } });
    const one = { ApplicationId, EndpointId: 'b-3' };
    expect(await call('DeleteEndpoint', one)).toMatchObject({
      status: 202,
      EndpointResponse: { Id: 'b-3', Address: '+12065550103' },
    });
    expect(await caller.refusal('GetEndpoint', one)).toMatchObject({ type: 'NotFoundException' });
    const both = await call('DeleteUserEndpoints', { ApplicationId, UserId: 'b' });
    expect(both.EndpointsResponse?.Item?.map((item) => item.Id)).toEqual(['b-1', 'b-2']);
    expect(await caller.refusal('GetUserEndpoints', { ApplicationId, UserId: 'b' })).toMatchObject({
      type: 'NotFoundException',
    });
  });

  it('step 3: an import from S3, told line by line, and one whose bucket is not there', async () => {
    await bucket.put('broken/users.json', `${tutorialText('users').split('\n')[0]}\n{"Id": "x"\n`);
    const start = async (S3Url: string) => {
      const ImportJobRequest = { ...tutorial('03-create-import-job'), S3Url };
      const created = await call('CreateImportJob', { ApplicationId, ImportJobRequest });
      expect(created).toMatchObject({ status: 201, ImportJobResponse: { JobStatus: 'CREATED' } });
      return created.ImportJobResponse?.Id ?? '';
    };
    const [printed, broken, missing] = await Promise.all([
      start(tutorial('03-create-import-job').S3Url),
      start('s3://my-pinpoint-data/broken/'),
      start('s3://no-such-bucket/users.json'),
    ]);
    await world.settle();
    const jobs = (await call('GetImportJobs', { ApplicationId })).ImportJobsResponse?.Item ?? [];
    const job = (id: string) => jobs.find((each) => each.Id === id);
    expect(job(printed)).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 6, TotalFailures: 0 });
    expect(job(broken)).toMatchObject({
      TotalProcessed: 2,
      TotalFailures: 1,
      Failures: [expect.stringMatching(/users\.json:2: /)],
    });
    expect(job(missing)).toMatchObject({
      JobStatus: 'FAILED',
      Failures: [expect.stringContaining('no-such-bucket')],
    });
    const { ImportJobResponse } = await call('GetImportJob', { ApplicationId, JobId: printed });
    expect(ImportJobResponse).toEqual(job(printed));
    const ada = await call('GetEndpoint', { ApplicationId, EndpointId: 'user201-email' });
    expect(ada.EndpointResponse).toMatchObject({
      Address: 'ada@example.com',
      User: { UserAttributes: { FirstName: ['Ada'] } },
    });
  });

  it('step 4: a segment in segment groups, which can be read, listed, changed and deleted', async () => {
    const printed = tutorial('04-create-segment');
    const created = await call('CreateSegment', { ApplicationId, WriteSegmentRequest: printed });
    const segment = created.SegmentResponse;
    expect(created.status).toBe(201);
    expect(segment).toMatchObject({
      ...printed,
      ApplicationId,
      Id: expect.stringMatching(hexId),
      Arn: arnOf(`apps/${ApplicationId}/segments/${segment?.Id}`),
      SegmentType: 'DIMENSIONAL',
      Version: 1,
      CreationDate: someDate,
    });
    SegmentId = segment?.Id ?? '';
    const recent = await call('CreateSegment', { ApplicationId, WriteSegmentRequest: recentDevices });
    const key = { ApplicationId, SegmentId: recent.SegmentResponse?.Id ?? '' };
    expect(recent.SegmentResponse).toMatchObject(recentDevices);
    const changed = await call('UpdateSegment', { ...key, WriteSegmentRequest: { Name: 'Renamed' } });
    expect(changed.SegmentResponse).toMatchObject({ ...recentDevices, Name: 'Renamed', Version: 2 });
    expect((await call('GetSegment', key)).SegmentResponse).toEqual(changed.SegmentResponse);
    const listed = await call('GetSegments', { ApplicationId });
    expect(listed.SegmentsResponse?.Item?.map((item) => item.Name).sort()).toEqual([
      'New Premium Users',
      'Renamed',
    ]);
    await call('DeleteSegment', key);
    expect(await caller.refusal('GetSegment', key)).toMatchObject({ type: 'NotFoundException' });
  });

  it('step 5: the campaign, past as printed and so sent at once, to the members and nobody else', async () => {
    const created = await call('CreateCampaign', {
      ApplicationId,
      WriteCampaignRequest: { ...tutorial('05-create-campaign'), SegmentId },
    });
    expect(created.status).toBe(201);
    const CampaignId = created.CampaignResponse?.Id ?? '';
    expect(created.CampaignResponse).toMatchObject({
      ...tutorial('05-create-campaign'),
      SegmentId,
      Arn: arnOf(`apps/${ApplicationId}/campaigns/${CampaignId}`),
      State: { CampaignStatus: 'SCHEDULED' },
    });
    await world.settle();
    const messages = await received({ campaignId: CampaignId });
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
    const key = { ApplicationId, CampaignId };
    const [read, activities, listed] = await Promise.all([
      call('GetCampaign', key),
      call('GetCampaignActivities', key),
      call('GetCampaigns', { ApplicationId }),
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

  it('step 7: a message to an address and messages to endpoints, each with its own result', async () => {
    const printed = await call('SendMessages', {
      ApplicationId,
      MessageRequest: tutorial('07-send-messages'),
    });
    expect(printed.MessageResponse).toMatchObject({
      ApplicationId,
      Result: { 'user@example.com': { DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 } },
    });
    expect(await received({ to: 'user@example.com' })).toMatchObject([
      {
        channel: 'EMAIL',
        from: 'notifications@yourapp.com',
        subject: 'Your password has been reset',
        text: 'Your password was successfully reset.',
      },
    ]);
    const mixed = await call('SendMessages', { ApplicationId, MessageRequest: toEndpoints });
    expect(mixed.MessageResponse?.EndpointResult).toMatchObject({
      'user201-email': { DeliveryStatus: 'SUCCESSFUL', Address: 'ada@example.com' },
      'user201-iphone': { DeliveryStatus: 'SUCCESSFUL', Address: 'device-token-ada' },
      'user203-sms': { DeliveryStatus: 'SUCCESSFUL', Address: '+12065550143' },
      'user203-email': { DeliveryStatus: 'OPT_OUT' },
      nobody: { DeliveryStatus: 'PERMANENT_FAILURE' },
    });
    const [email, push, sms] = await Promise.all(
      ['ada@example.com', 'device-token-ada', '+12065550143'].map((to) => received({ to })),
    );
    expect(email?.at(-1)).toMatchObject({ channel: 'EMAIL', subject: 'Ada, your order 17' });
    expect(push).toMatchObject([{ channel: 'PUSH', title: 'Order 17', body: 'Ada, it is on its way' }]);
    expect(sms).toMatchObject([{ channel: 'SMS', body: 'Cleo: order 17 is on its way' }]);
  });

  it('step 8: events as printed, and with a new endpoint inside', async () => {
    const put = async (EventsRequest: ReturnType<typeof tutorial>) =>
      await call('PutEvents', { ApplicationId, EventsRequest });
    const accepted = { StatusCode: 202, Message: 'Accepted' };
    const printed = await put(tutorial('08-put-events'));
    expect(printed).toEqual({
      status: 202,
      EventsResponse: {
        Results: {
          'user123-iphone': {
            EndpointItemResponse: accepted,
            EventsItemResponse: { event1: accepted },
          },
        },
      },
    });
    const { Events } = tutorial('08-put-events').BatchItem['user123-iphone'];
    const Endpoint = { ChannelType: 'EMAIL', Address: 'new@example.com', User: { UserId: 'user204' } };
    await put({ BatchItem: { 'user204-email': { Endpoint, Events } } });
    const read = await call('GetEndpoint', { ApplicationId, EndpointId: 'user204-email' });
    expect(read.EndpointResponse).toMatchObject(Endpoint);
    const events = await world.deps.db
      .selectFrom('event')
      .select(['endpoint_id', 'participant', 'attributes', 'metrics'])
      .where('app_id', '=', ApplicationId)
      .where('type', '=', 'feature_used')
      .orderBy('id')
      .execute();
    const told = { attributes: { FeatureName: 'dashboard', Action: 'viewed' }, metrics: { Duration: 120 } };
    expect(events).toEqual([
      { endpoint_id: 'user123-iphone', participant: 'u:user123', ...told },
      { endpoint_id: 'user204-email', participant: 'u:user204', ...told },
    ]);
  });
});

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

/** One message a channel, for a person, for nobody, and for one who wants none. */
const toEndpoints = {
  Endpoints: {
    'user201-email': {},
    'user201-iphone': {},
    'user203-sms': {},
    'user203-email': {},
    nobody: {},
  },
  MessageConfiguration: {
    EmailMessage: {
      SimpleEmail: {
        Subject: { Data: '{{User.UserAttributes.FirstName}}, your order {{Order}}' },
        TextPart: { Data: 'It is on its way' },
      },
      Substitutions: { Order: ['17'] },
    },
    APNSMessage: {
      Title: 'Order {{Order}}',
      Body: '{{User.UserAttributes.FirstName}}, it is on its way',
      Substitutions: { Order: ['17'] },
    },
    SMSMessage: {
      Body: '{{User.UserAttributes.FirstName}}: order {{Order}} is on its way',
      MessageType: 'TRANSACTIONAL' as const,
      Substitutions: { Order: ['17'] },
    },
  },
};
