import {
  CreateAppCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../support/api.ts';
import { aws, awsCliIsThere } from '../../support/awsCli.ts';
import { useDatabase } from '../../support/database.ts';

const now = new Date('2026-11-23T00:00:00Z');
let appArn: string;
const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  const created = await api.client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'App', tags: { Team: 'growth' } } }),
  );
  appArn = created.ApplicationResponse?.Arn ?? '';
});

async function tagsOf(arn: string): Promise<unknown> {
  const listed = await api.client.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
  return listed.TagsModel?.tags;
}

describe('tags', () => {
  it('204 are added, replaced and taken away by the ARN of an app', async () => {
    const tagged = await api.client.send(
      new TagResourceCommand({ ResourceArn: appArn, TagsModel: { tags: { Team: 'core', Stage: 'test' } } }),
    );
    expect(tagged.$metadata.httpStatusCode).toBe(204);
    expect(await tagsOf(appArn)).toEqual({ Team: 'core', Stage: 'test' });
    await api.client.send(new UntagResourceCommand({ ResourceArn: appArn, TagKeys: ['Team', 'Stage'] }));
    expect(await tagsOf(appArn)).toEqual({});
  });

  it('204 work for templates and segments', async () => {
    const appId = appArn.split('/')[1] ?? '';
    await database.db
      .insertInto('segment')
      .values({ app_id: appId, id: 's1', type: 'DIMENSIONAL', version: 1, created_at: now, modified_at: now })
      .execute();
    await database.db
      .insertInto('template')
      .values({
        name: 'welcome',
        type: 'EMAIL',
        active_version: 1,
        latest_version: 1,
        created_at: now,
        modified_at: now,
      })
      .execute();
    const template = 'arn:aws:mobiletargeting:us-east-1:000000000000:templates/welcome/EMAIL';
    for (const arn of [template, `${appArn}/segments/s1`]) {
      await api.client.send(new TagResourceCommand({ ResourceArn: arn, TagsModel: { tags: { a: arn } } }));
      expect(await tagsOf(arn)).toEqual({ a: arn });
    }
  });

  it('400 refuses the fifty-first tag and keeps what was there', async () => {
    const before = await tagsOf(appArn);
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
    await expect(
      api.client.send(new TagResourceCommand({ ResourceArn: appArn, TagsModel: { tags } })),
    ).rejects.toMatchObject({ message: 'tags: at most 50 tags; given 51' });
    expect(await tagsOf(appArn)).toEqual(before);
  });

  it.each([
    ['a journey', 'apps/a/journeys/j', 'BadRequestException'],
    ['nothing', 'nothing', 'BadRequestException'],
    ['an unknown app', 'apps/none', 'NotFoundException'],
  ])('refuses the ARN of %s', async (_, path, name) => {
    const arn = `arn:aws:mobiletargeting:us-east-1:000000000000:${path}`;
    await expect(tagsOf(arn)).rejects.toMatchObject({ name });
  });

  it.skipIf(!awsCliIsThere)('go through the AWS CLI', async () => {
    const resource = ['--resource-arn', appArn];
    await aws(api.url, [
      'pinpoint',
      'tag-resource',
      ...resource,
      '--tags-model',
      '{"tags":{"Owner":"ü me"}}',
    ]);
    expect(await aws(api.url, ['pinpoint', 'list-tags-for-resource', ...resource])).toEqual({
      TagsModel: { tags: { Owner: 'ü me' } },
    });
    await aws(api.url, ['pinpoint', 'untag-resource', ...resource, '--tag-keys', 'Owner']);
    expect(await tagsOf(appArn)).toEqual({});
  });
});
