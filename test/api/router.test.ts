import { describe, expect, it } from 'vitest';
import { createRouter } from '../../src/api/router.ts';
import { operations } from '../../src/contract/model/operations.ts';

const route = createRouter(operations);

/** A path of the operation with each label replaced, encoded as AWS's clients encode it. */
function pathOf(template: string, value: (label: string) => string): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, label: string) =>
    encodeURIComponent(value(label)).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  );
}

const oddIds = [
  'a/b',
  '100%',
  'p+q',
  'a%2Fb',
  'ü日本',
  'x//y',
  '?#',
  ' ',
  '..',
  '%',
  "!'()*",
  'apps',
  'email',
];

describe('every operation', () => {
  it.each(oddIds)('is found with ids such as %j, and gets them back unchanged', (id) => {
    for (const { name, method, path } of operations) {
      const found = route(
        method,
        pathOf(path, (label) => `${id}-${label}`),
      );
      expect(found).toMatchObject({ kind: 'operation', operation: { name } });
      const labels = [...path.matchAll(/\{(\w+)\}/g)].map(([, label = '']) => [label, `${id}-${label}`]);
      expect(found.kind === 'operation' && [...found.labels]).toEqual(labels);
    }
  });
});

describe('a path', () => {
  it('prefers a literal to a label', () => {
    expect(route('GET', '/v1/apps/a/jobs/import')).toMatchObject({ operation: { name: 'GetImportJobs' } });
    expect(route('GET', '/v1/apps/a/jobs/import/import')).toMatchObject({
      operation: { name: 'GetImportJob' },
    });
    expect(route('GET', '/v1/templates/email/email')).toMatchObject({
      operation: { name: 'GetEmailTemplate' },
    });
  });

  it('tells the methods it has when it lacks the one asked for', () => {
    expect(route('PATCH', '/v1/apps')).toEqual({ kind: 'wrongMethod', allowed: ['POST', 'GET'] });
  });

  it.each(['/', '/v1', '/v1/', '/v1/apps/', '/v1/apps//segments', '/v2/apps', '/v1/apps/a/nothing', '*', ''])(
    '%j is unknown',
    (path) => {
      expect(route('GET', path)).toEqual({ kind: 'unknown' });
    },
  );

  it.each(['%', '%zz', '%ff', 'a%2'])('with the broken escape %j is refused', (segment) => {
    expect(route('GET', `/v1/apps/${segment}`)).toEqual({ kind: 'brokenEscape', segment });
  });
});
