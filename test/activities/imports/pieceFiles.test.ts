import { expect, it } from 'vitest';
import { pieceFiles } from '../../../src/activities/imports/pieceFiles.ts';

const stored = (...keys: string[]) => keys.map((key) => ({ bucket: 'b', key, sizeBytes: 1, version: 'v' }));
const names = (url: string, ...keys: string[]) =>
  pieceFiles({ Format: 'JSON', S3Url: url }, stored(...keys)).map((file) => file.name);

it('names a single file by its last part and files of a folder by what is below it', () => {
  expect(names('s3://bkt/deep/users.json', 'deep/users.json')).toEqual(['users.json']);
  expect(names('s3://bkt/deep/', 'deep/a.json', 'deep/er/b.json.gz')).toEqual(['a.json', 'er/b.json.gz']);
  expect(names('s3://bkt/deep', 'deep/a.json')).toEqual(['a.json']);
  expect(names('s3://bkt', 'deep/a.json')).toEqual(['deep/a.json']);
});

it('passes over files of the other format', () => {
  expect(names('s3://bkt/f/', 'f/a.csv', 'f/b.CSV.gz', 'f/c.json', 'f/d')).toEqual(['c.json', 'd']);
});

it('finds nothing where only the other format is', () => {
  expect(() => names('s3://bkt/f/', 'f/a.csv')).toThrow('No JSON file at s3://bkt/f/');
});
