import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  CreateImportJobCommand,
  GetImportJobCommand,
  GetImportJobsCommand,
  type ImportJobRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, testClient, useApi } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { useDatabase } from '../../support/database.ts';
import { markAsSameCall } from '../../support/sameCall.ts';

const example = fileURLToPath(
  new URL('../../../examples/tutorial/03-create-import-job.json', import.meta.url),
);
const printed: ImportJobRequest = JSON.parse(readFileSync(example, 'utf8'));

let appId: string;
const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  appId = await createApp(api.client);
});

const create = (ApplicationId: string, request: Partial<ImportJobRequest> = {}) =>
  new CreateImportJobCommand({ ApplicationId, ImportJobRequest: { ...printed, ...request } });

const starts = () =>
  database.db
    .selectFrom('outbox')
    .select(['app_id', 'workflow_id', 'payload'])
    .where('workflow_id', 'like', 'import-job/%')
    .execute();

describe('CreateImportJob', () => {
  it("201 answers the tutorial's request as a job, and asks for its workflow with nothing but ids", async () => {
    const created = await api.client.send(create(appId));
    expect(created.$metadata.httpStatusCode).toBe(201);
    const job = created.ImportJobResponse;
    expect(job).toEqual({
      ApplicationId: appId,
      Id: expect.stringMatching(/^[0-9a-f]{32}$/),
      Type: 'IMPORT',
      JobStatus: 'CREATED',
      CreationDate: expect.stringMatching(/Z$/),
      Definition: { ...printed, DefineSegment: false },
      TotalPieces: 0,
      CompletedPieces: 0,
      FailedPieces: 0,
      TotalProcessed: 0,
      TotalFailures: 0,
    });
    expect(await starts()).toContainEqual({
      app_id: appId,
      workflow_id: `import-job/${job?.Id}`,
      payload: { workflowType: 'importJob', input: { appId, jobId: job?.Id }, summary: 'Import endpoints' },
    });
  });

  it('201 answers a retry of the same call with the same job', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, 'one-call');
    const before = (await starts()).length;
    const first = await client.send(create(appId));
    const again = await client.send(create(appId));
    client.destroy();
    expect(again.ImportJobResponse).toEqual(first.ImportJobResponse);
    expect(await starts()).toHaveLength(before + 1);
  });

  it('400 names every problem', async () => {
    const request = { S3Url: 'http://x', RoleArn: 'me', RegisterEndpoints: false };
    await expect(api.client.send(create(appId, request))).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(
        /S3Url: .*; RoleArn: .*; RegisterEndpoints: this or DefineSegment must be true/,
      ),
    });
  });

  it('404 for an app that does not exist', async () => {
    await expect(api.client.send(create('nope'))).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('501 names what is not built', async () => {
    await expect(api.client.send(create(appId, { DefineSegment: true }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
      message: expect.stringContaining('DefineSegment'),
    });
  });

  it.skipIf(!awsCliIsThere)('works with the AWS CLI as the tutorial calls it', async () => {
    const options = ['--application-id', appId, '--import-job-request', `file://${example}`];
    const created = await aws(api.url, ['pinpoint', 'create-import-job', ...options]);
    const id = created.ImportJobResponse.Id;
    const read = await aws(api.url, [
      'pinpoint',
      'get-import-job',
      '--application-id',
      appId,
      '--job-id',
      id,
    ]);
    expect(read).toEqual(created);
  });
});

describe('GetImportJob', () => {
  it('404 for a job of another app', async () => {
    const { ImportJobResponse: job } = await api.client.send(create(appId));
    const other = await createApp(api.client);
    const get = new GetImportJobCommand({ ApplicationId: other, JobId: job?.Id });
    await expect(api.client.send(get)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('GetImportJobs', () => {
  it("200 pages through an app's own jobs, newest first", async () => {
    const ApplicationId = await createApp(api.client);
    const made: (string | undefined)[] = [];
    for (let n = 0; n < 5; n += 1)
      made.push((await api.client.send(create(ApplicationId))).ImportJobResponse?.Id);
    const found: (string | undefined)[] = [];
    let Token: string | undefined;
    do {
      const page = await api.client.send(new GetImportJobsCommand({ ApplicationId, PageSize: '2', Token }));
      found.push(...(page.ImportJobsResponse?.Item ?? []).map((job) => job.Id));
      Token = page.ImportJobsResponse?.NextToken;
    } while (Token !== undefined);
    expect(found.toSorted()).toEqual(made.toSorted());
    const { ImportJobsResponse } = await api.client.send(new GetImportJobsCommand({ ApplicationId }));
    const dates = ImportJobsResponse?.Item?.map((job) => job.CreationDate ?? '') ?? [];
    expect(dates).toEqual(dates.toSorted().reverse());
  });

  it('200 answers an empty list for an app without jobs', async () => {
    const ApplicationId = await createApp(api.client);
    const { ImportJobsResponse } = await api.client.send(new GetImportJobsCommand({ ApplicationId }));
    expect(ImportJobsResponse).toEqual({ Item: [] });
  });
});
