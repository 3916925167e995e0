import { gzipSync } from 'node:zlib';
import {
  CreateImportJobCommand,
  GetEndpointCommand,
  GetImportJobCommand,
  GetUserEndpointsCommand,
  type ImportJobRequest,
  type ImportJobResponse,
} from '@aws-sdk/client-pinpoint';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFileStore } from '../../src/files/createFileStore.ts';
import type { FileStore } from '../../src/files/fileStore.ts';
import { createS3Client } from '../../src/files/s3Files.ts';
import { createApp } from '../support/api.ts';
import { useLocalBucket } from '../support/localBucket.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';
import { tutorial, tutorialText } from '../support/tutorial.ts';
import { useWorld, type World } from '../support/world.ts';

const printed: ImportJobRequest = tutorial('03-create-import-job');

/** Starts a job over the API and answers what get-import-job says once all has come to rest. */
async function runJob(
  world: World,
  ApplicationId: string,
  request: Partial<ImportJobRequest> = {},
): Promise<ImportJobResponse | undefined> {
  const ImportJobRequest = { ...printed, ...request };
  const created = await world.client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }));
  await world.settle();
  const JobId = created.ImportJobResponse?.Id;
  const read = await world.client.send(new GetImportJobCommand({ ApplicationId, JobId }));
  return read.ImportJobResponse;
}

describe('an import job on the local folder', () => {
  const bucket = useLocalBucket();
  const world = useWorld(() => ({ deps: { files: bucket.files } }));

  it("is the tutorial's, as printed: the people of its file are there, and its history names none", async () => {
    await bucket.put('endpoints/users.json', tutorialText('users'));
    const appId = await createApp(world.client);
    const job = await runJob(world, appId);
    expect(job).toMatchObject({
      JobStatus: 'COMPLETED',
      CompletionDate: expect.stringMatching(/Z$/),
      TotalPieces: 1,
      CompletedPieces: 1,
      FailedPieces: 0,
      TotalProcessed: 6,
      TotalFailures: 0,
    });
    const ada = await world.client.send(
      new GetUserEndpointsCommand({ ApplicationId: appId, UserId: 'user201' }),
    );
    expect(ada.EndpointsResponse?.Item?.map((endpoint) => endpoint.Id).toSorted()).toEqual([
      'user201-email',
      'user201-iphone',
    ]);
    const cleo = new GetEndpointCommand({ ApplicationId: appId, EndpointId: 'user203-email' });
    expect((await world.client.send(cleo)).EndpointResponse).toMatchObject({
      Address: 'cleo@example.com',
      OptOut: 'ALL',
      EndpointStatus: 'ACTIVE',
      User: { UserId: 'user203', UserAttributes: { Plan: ['free'] } },
    });
    const history = await world.temporal.workflow.getHandle(`import-job/${job?.Id}`).fetchHistory();
    const payloads = JSON.stringify(history).replace(/"data":"([^"]+)"/g, (_, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    expect(payloads).toContain(job?.Id);
    expect(payloads).not.toMatch(/@example|user20|users\.json/);
  });

  it('names bad lines by file and line', async () => {
    await bucket.put('bad/users.json', '{"Id":"a"}\n{"ChannelType":"EMAIL","Id":"b"}\nnonsense\n');
    const job = await runJob(world, await createApp(world.client), { S3Url: 's3://my-pinpoint-data/bad/' });
    expect(job).toMatchObject({
      JobStatus: 'COMPLETED',
      TotalProcessed: 3,
      TotalFailures: 2,
      Failures: [
        'users.json:2: Missing Address',
        'users.json:3: line: is not valid JSON; write one endpoint a line',
      ],
    });
  });

  it('ends FAILED with the reason when the bucket does not exist', async () => {
    const job = await runJob(world, await createApp(world.client), { S3Url: 's3://nobodys/users.json' });
    expect(job).toMatchObject({
      JobStatus: 'FAILED',
      CompletionDate: expect.any(String),
      Failures: [expect.stringContaining('Bucket nobodys does not exist')],
    });
  });
});

describe.skipIf(!hasMoto())('an import job on a real S3 API', () => {
  let moto: Moto;
  let files: FileStore;
  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    moto = await startMoto();
    const client = createS3Client({ region: 'us-east-1', url: moto.url });
    const Bucket = 'my-pinpoint-data';
    await client.send(new CreateBucketCommand({ Bucket }));
    const zipped = gzipSync(tutorialText('users'));
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'endpoints/users.json', Body: tutorialText('users') }),
    );
    await client.send(new PutObjectCommand({ Bucket, Key: 'zipped/users.json', Body: zipped }));
    files = createFileStore({
      REPOINT_DELIVERY: 'mailbox',
      REPOINT_DATA_DIR: '/nonexistent',
      REPOINT_UPSTREAM_S3_URL: moto.url,
      region: 'us-east-1',
    });
  });
  const world = useWorld(() => ({ deps: { files } }));
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it.each(['s3://my-pinpoint-data/endpoints/users.json', 's3://my-pinpoint-data/zipped/'])(
    'imports %s',
    async (S3Url) => {
      const job = await runJob(world, await createApp(world.client), { S3Url });
      expect(job).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 6, TotalFailures: 0 });
    },
  );

  it.each([
    ['s3://nobodys/users.json', 'Bucket nobodys does not exist'],
    ['s3://my-pinpoint-data/nothing', 'No file at s3://my-pinpoint-data/nothing'],
  ])('ends FAILED with the reason for %s', async (S3Url, reason) => {
    const job = await runJob(world, await createApp(world.client), { S3Url });
    expect(job).toMatchObject({ JobStatus: 'FAILED', Failures: [reason] });
  });
});
