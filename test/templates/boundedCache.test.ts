import { expect, test } from 'vitest';
import { BoundedCache } from '../../src/templates/boundedCache.ts';

test('the least recently used leaves first, by number and by weight', () => {
  const cache = new BoundedCache<number>({ entries: 2, weight: 10 });
  cache.set('a', 1, 1);
  cache.set('b', 2, 1);
  cache.get('a');
  cache.set('c', 3, 1);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  cache.set('d', 4, 10);
  expect([cache.get('a'), cache.get('c'), cache.get('d')]).toEqual([undefined, undefined, 4]);
});
