import { checkTags } from '../../contract/tags.ts';
import { changeTags, readTags, type StoredTags, type TaggedResource } from '../../db/tags.ts';
import { parseArn } from '../../domain/arn.ts';
import { badRequest, notFound } from '../../domain/errors.ts';
import type { Call, Handlers } from '../handler.ts';

export const tagHandlers = {
  ListTagsForResource: async (input, { deps }) => {
    const arn = input.ResourceArn ?? '';
    const tags = await readTags(deps.db, taggedResource(arn));
    if (tags === undefined) throw notFound(arn);
    return { TagsModel: { tags: { ...tags } } };
  },

  TagResource: async (input, call) => {
    const given = input.TagsModel?.tags ?? {};
    await change(input.ResourceArn, call, (tags) => checkTags({ ...tags, ...given }));
    return {};
  },

  UntagResource: async (input, call) => {
    const keys = new Set(input.TagKeys);
    await change(input.ResourceArn, call, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key))),
    );
    return {};
  },
} satisfies Handlers;

async function change(
  arn: string | undefined,
  { deps }: Call,
  changed: (tags: StoredTags) => StoredTags,
): Promise<void> {
  const resource = taggedResource(arn ?? '');
  const found = await deps.db.transaction().execute((tx) => changeTags(tx, resource, changed));
  if (!found) throw notFound(arn ?? '');
}

function taggedResource(arn: string): TaggedResource {
  const resource = parseArn(arn);
  if (resource === undefined || resource.kind === 'journey') {
    throw badRequest([
      { path: 'ResourceArn', message: 'must be the ARN of an app, campaign, segment or template' },
    ]);
  }
  return resource;
}
