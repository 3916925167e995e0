import { CreateAppCommand, DeleteAppCommand, GetAppCommand, GetAppsCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { testClient, useApi } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { useDatabase } from '../../support/database.ts';
import { markAsSameCall } from '../../support/sameCall.ts';

const database = useDatabase();
let seconds = 0;
const clock = { now: async () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)) };
const api = useApi(database, { deps: { clock } });

async function createApp(name: string): Promise<string> {
  const created = await api.client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: name, tags: { Team: 'growth' } } }),
  );
  return created.ApplicationResponse?.Id ?? '';
}

describe('CreateApp', () => {
  it('201 answers the app with its tags and ARN', async () => {
    const created = await api.client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'MyApp', tags: { Team: 'growth' } } }),
    );
    const app = created.ApplicationResponse;
    expect(created.$metadata.httpStatusCode).toBe(201);
    expect(app).toMatchObject({ Name: 'MyApp', tags: { Team: 'growth' } });
    expect(app?.Id).toMatch(/^[0-9a-f]{32}$/);
    expect(app?.Arn).toBe(`arn:aws:mobiletargeting:us-east-1:000000000000:apps/${app?.Id}`);
    expect(app?.CreationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('201 answers a retry of the same call with the same app', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, 'one-call');
    const send = () => client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'Retried' } }));
    const [first, beside] = await Promise.all([send(), send()]);
    const again = await send();
    client.destroy();
    for (const { ApplicationResponse } of [beside, again]) {
      expect(ApplicationResponse).toEqual(first.ApplicationResponse);
    }
    const apps = await database.db.selectFrom('app').select('id').where('name', '=', 'Retried').execute();
    expect(apps).toEqual([{ id: first.ApplicationResponse?.Id }]);
  });

  it('400 names every tag over a limit', async () => {
    const request = { Name: 'x', tags: { 'aws:reserved': 'v', long: 'v'.repeat(257) } };
    await expect(
      api.client.send(new CreateAppCommand({ CreateApplicationRequest: request })),
    ).rejects.toMatchObject({
      name: 'BadRequestException',
      message:
        'tags.aws:reserved: keys that begin with aws: are reserved; tags.long: the value must have at most 256 characters; given 257',
    });
  });

  it.skipIf(!awsCliIsThere)('works with the AWS CLI as the tutorial calls it', async () => {
    const request = JSON.stringify({
      Name: 'MyApp-UserEngagement',
      tags: { Environment: 'production', Team: 'growth' },
    });
    const created = await aws(api.url, ['pinpoint', 'create-app', '--create-application-request', request]);
    const id = created.ApplicationResponse.Id;
    const read = await aws(api.url, ['pinpoint', 'get-app', '--application-id', id]);
    expect(read).toEqual(created);
    expect(read.ApplicationResponse.tags).toEqual({ Environment: 'production', Team: 'growth' });
  });
});

describe('GetApps', () => {
  it('200 lists the newest first, a page at a time', async () => {
    const ids = [await createApp('first'), await createApp('second'), await createApp('third')];
    const first = await api.client.send(new GetAppsCommand({ PageSize: '2' }));
    const next = await api.client.send(
      new GetAppsCommand({ PageSize: '1', Token: first.ApplicationsResponse?.NextToken }),
    );
    const listed = [first, next].flatMap((page) => page.ApplicationsResponse?.Item ?? []);
    expect(listed.map((app) => app.Id)).toEqual(ids.toReversed());
  });

  it.each(['zero', '0', '-1', '1.5', ''])('400 refuses the page size %j', async (size) => {
    await expect(api.client.send(new GetAppsCommand({ PageSize: size }))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });
});

describe('DeleteApp', () => {
  it('200 answers the app as it was; afterwards it is 404', async () => {
    const id = await createApp('short-lived');
    const deleted = await api.client.send(new DeleteAppCommand({ ApplicationId: id }));
    expect(deleted.ApplicationResponse).toMatchObject({ Id: id, Name: 'short-lived' });
    await expect(api.client.send(new GetAppCommand({ ApplicationId: id }))).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });
});
