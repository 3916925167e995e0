import { expect, it } from 'vitest';
import { tutorial, tutorialText } from '../../support/tutorial.ts';
import { someDate, type TutorialScene } from './scene.ts';

/** Who can be written to: one by one, in a batch and by an import. */
export function endpointSteps(scene: TutorialScene): void {
  const { call, refusal } = scene;

  it("step 3: a user's two endpoints, which share the user's attributes", async () => {
    const iphone = { ApplicationId: scene.ApplicationId, EndpointId: 'user123-iphone' };
    const put = await call('UpdateEndpoint', {
      ...iphone,
      EndpointRequest: tutorial('03-update-endpoint-iphone'),
    });
    const accepted = { Message: 'Accepted', RequestID: expect.stringMatching(/.+/) };
    expect(put).toEqual({ status: 202, MessageBody: accepted });
    await call('UpdateEndpoint', {
      ApplicationId: scene.ApplicationId,
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
    const of = await call('GetUserEndpoints', { ApplicationId: scene.ApplicationId, UserId: 'user123' });
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
      ApplicationId: scene.ApplicationId,
      EndpointBatchRequest: { Item: [...EndpointBatchRequest.Item] },
    });
    expect(batch).toMatchObject({ status: 202, MessageBody: { Message: 'Accepted' } });
    const one = { ApplicationId: scene.ApplicationId, EndpointId: 'b-3' };
    expect(await call('DeleteEndpoint', one)).toMatchObject({
      status: 202,
      EndpointResponse: { Id: 'b-3', Address: '+12065550103' },
    });
    expect(await refusal('GetEndpoint', one)).toMatchObject({ type: 'NotFoundException' });
    const both = await call('DeleteUserEndpoints', { ApplicationId: scene.ApplicationId, UserId: 'b' });
    expect(both.EndpointsResponse?.Item?.map((item) => item.Id)).toEqual(['b-1', 'b-2']);
    expect(
      await refusal('GetUserEndpoints', { ApplicationId: scene.ApplicationId, UserId: 'b' }),
    ).toMatchObject({
      type: 'NotFoundException',
    });
  });

  it('step 3: an import from S3, told line by line, and one whose bucket is not there', async () => {
    await scene.bucket.put('broken/users.json', `${tutorialText('users').split('\n')[0]}\n{"Id": "x"\n`);
    const start = async (S3Url: string) => {
      const ImportJobRequest = { ...tutorial('03-create-import-job'), S3Url };
      const created = await call('CreateImportJob', { ApplicationId: scene.ApplicationId, ImportJobRequest });
      expect(created).toMatchObject({ status: 201, ImportJobResponse: { JobStatus: 'CREATED' } });
      return created.ImportJobResponse?.Id ?? '';
    };
    const [printed, broken, missing] = await Promise.all([
      start(tutorial('03-create-import-job').S3Url),
      start('s3://my-pinpoint-data/broken/'),
      start('s3://no-such-bucket/users.json'),
    ]);
    await scene.world.settle();
    const jobs =
      (await call('GetImportJobs', { ApplicationId: scene.ApplicationId })).ImportJobsResponse?.Item ?? [];
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
    const { ImportJobResponse } = await call('GetImportJob', {
      ApplicationId: scene.ApplicationId,
      JobId: printed,
    });
    expect(ImportJobResponse).toEqual(job(printed));
    const ada = await call('GetEndpoint', {
      ApplicationId: scene.ApplicationId,
      EndpointId: 'user201-email',
    });
    expect(ada.EndpointResponse).toMatchObject({
      Address: 'ada@example.com',
      User: { UserAttributes: { FirstName: ['Ada'] } },
    });
  });
}
