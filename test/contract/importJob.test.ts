import { readFileSync } from 'node:fs';
import type { ImportJobRequest } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { parseImportJob } from '../../src/contract/importJob.ts';

const printed: ImportJobRequest = JSON.parse(
  readFileSync(new URL('../../examples/tutorial/03-create-import-job.json', import.meta.url), 'utf8'),
);

it("takes the tutorial's request, the segment left out", () => {
  expect(parseImportJob(printed)).toEqual({ ...printed, DefineSegment: false });
});

it('keeps what it does not use, to answer it', () => {
  const more = { ExternalId: 'x', SegmentId: 's', SegmentName: 'name' };
  expect(parseImportJob({ ...printed, ...more })).toMatchObject(more);
});

describe('a request that would keep nothing, or asks for a segment', () => {
  it.each([
    [false, false, 'BadRequest', 'this or DefineSegment must be true'],
    [undefined, undefined, 'BadRequest', 'this or DefineSegment must be true'],
    [true, true, 'NotImplemented', 'DefineSegment is not built yet'],
    [false, true, 'NotImplemented', 'DefineSegment is not built yet'],
  ])('RegisterEndpoints %s, DefineSegment %s: %s', (RegisterEndpoints, DefineSegment, code, words) => {
    expect(() => parseImportJob({ ...printed, RegisterEndpoints, DefineSegment })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );
  });
});

it.each([
  'users.json',
  'https://bucket/users.json',
  's3://',
  's3://a/users.json',
  's3://-bucket/users.json',
  's3://buc ket/users.json',
  `s3://bucket/${'k'.repeat(2_100)}`,
])('refuses the url %.40s, saying the form', (S3Url) => {
  expect(() => parseImportJob({ ...printed, S3Url })).toThrow('S3Url: must be of the form s3://bucket/key');
});

it.each(['s3://bucket', 's3://bucket/', 's3://my.bucket-1/a folder/ü/%20/users.json'])(
  'takes the url %s',
  (S3Url) => {
    expect(parseImportJob({ ...printed, S3Url }).S3Url).toBe(S3Url);
  },
);

it('names every problem at once, with the value and what is allowed', () => {
  const request = { Format: 'XML', S3Url: 'x', RoleArn: 'me' } as unknown as ImportJobRequest;
  expect(() => parseImportJob(request)).toThrow(
    expect.objectContaining({
      code: 'BadRequest',
      problems: [
        { path: 'Format', message: 'must be one of CSV, JSON; given "XML"' },
        {
          path: 'S3Url',
          message: 'must be of the form s3://bucket/key with a bucket of 3 to 63 characters; given "x"',
        },
        {
          path: 'RoleArn',
          message: 'must be of the form arn:aws:iam::123456789012:role/Name; given "me"',
        },
        { path: 'RegisterEndpoints', message: 'this or DefineSegment must be true' },
      ],
    }),
  );
});

it.each(['arn:aws:iam::123456789012:role/Name', 'arn:aws-cn:iam::123456789012:role/service-role/My.Role'])(
  'takes the role %s',
  (RoleArn) => {
    expect(parseImportJob({ ...printed, RoleArn }).RoleArn).toBe(RoleArn);
  },
);
