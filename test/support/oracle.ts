import { expect } from 'vitest';
import { judgePromise, type Promised } from './promise.ts';

/** Expects the promise of every message kept (`judgePromise`). Answers the messages by state. */
export async function expectPromiseKept(promised: Promised): Promise<Readonly<Record<string, number>>> {
  const { breaches, states } = await judgePromise(promised);
  expect(breaches).toEqual([]);
  return states;
}
