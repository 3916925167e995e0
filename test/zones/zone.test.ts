import { expect, it } from 'vitest';
import { readZone } from '../../src/zones/zone.ts';

const summer = Date.parse('2026-07-01T12:00:00Z');
const winter = Date.parse('2026-01-01T12:00:00Z');

it.each([
  ['America/New_York', -240, -300],
  ['america/NEW_YORK', -240, -300],
  ['Australia/Lord_Howe', 630, 660],
  ['Asia/Kathmandu', 345, 345],
  ['UTC', 0, 0],
  ['utc+05:30', 330, 330],
  ['UTC-07', -420, -420],
  ['UTC+5', 300, 300],
  ['GMT+1', 60, 60],
  ['+0545', 345, 345],
  ['Etc/GMT+5', -300, -300],
])('reads %s', (text, inSummer, inWinter) => {
  const clock = readZone(text);
  expect([clock?.offsetAt(summer), clock?.offsetAt(winter)]).toEqual([inSummer, inWinter]);
});

it.each(['', ' ', 'Mars/Olympus', 'UTC+15', 'UTC+05:75', 'New York'])('"%s" names no zone', (text) => {
  expect(readZone(text)).toBeNull();
});
