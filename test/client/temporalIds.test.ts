import { expect, test } from 'vitest';
import { fingerprintOf, temporalId, temporalWorkflowId } from '../../src/client/temporalIds.ts';

const plain = { REPOINT_HASH_IDS: false, REPOINT_HASH_KEY: undefined };
const hashed = { REPOINT_HASH_IDS: true, REPOINT_HASH_KEY: 'a secret of this test' };
const workflowId = 'journey/j1/ann@example.com/iphone/019a0000-0000-7000-8000-000000000001';

test('ids stay what they are unless they are to be hashed', () => {
  expect(temporalId(plain, 'ann@example.com')).toBe('ann@example.com');
  expect(temporalWorkflowId(plain, workflowId)).toBe(workflowId);
});

test('an endpoint id with slashes is hashed as a whole, what stands around it stays', () => {
  const hash = temporalId(hashed, 'ann@example.com/iphone');
  expect(hash).toMatch(/^[\w-]{22}$/);
  expect(temporalWorkflowId(hashed, workflowId)).toBe(
    `journey/j1/${hash}/019a0000-0000-7000-8000-000000000001`,
  );
});

test('workflows that are about nobody keep their ids', () => {
  for (const id of ['journey-life/j1', 'campaign-run/c1/2', 'import-job/i1'])
    expect(temporalWorkflowId(hashed, id)).toBe(id);
});

test('another key gives other hashes, and is told apart without being told', () => {
  const other = { ...hashed, REPOINT_HASH_KEY: 'another secret, as long' };
  expect(temporalId(other, 'ann')).not.toBe(temporalId(hashed, 'ann'));
  expect(new Set([plain, hashed, other].map(fingerprintOf)).size).toBe(3);
});
