import { expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import { forgetRequest, noteRequest } from '../../src/db/requestKeys.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const hour = 60 * 60 * 1000;

const database = useDatabase();

const keyed = (key: string, request = 'request') => ({ appId: 'app', key, request });
const note = (key: string, at = now, request = 'request') =>
  noteRequest(database.db, keyed(key, request), newTimeId(at), at);

test('tries of one request share an id, however they race; another request has its own', async () => {
  const notes = await Promise.all(Array.from({ length: 8 }, () => note('one')));
  expect(new Set(notes.map(({ id }) => id)).size).toBe(1);
  expect(notes.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
  expect((await note('two')).id).not.toBe(notes[0]?.id);
});

test('a request that is repeated within a day has the id it had, and tells what the first one was', async () => {
  const first = await note('old');
  expect(await note('old', new Date(now.getTime() + 23 * hour), 'another')).toEqual({
    ...first,
    isRepeat: true,
  });
});

test('a request that was forgotten leaves its key free', async () => {
  const first = await note('refused');
  await forgetRequest(database.db, keyed('refused'));
  const second = await note('refused', now, 'another');
  expect(second).toMatchObject({ isRepeat: false, request: 'another' });
  expect(second.id).not.toBe(first.id);
});
