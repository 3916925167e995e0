import type { WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { expect, it } from 'vitest';
import { closedRun } from '../../src/client/closedRuns.ts';
import { workflowIdOf } from '../../src/db/outbox/workflowIds.ts';

type Found = WorkflowExecutionInfo['raw'];

/** A run as Temporal lists it. */
function found(type: string, workflowId: string, app: string | undefined = 'app'): Found {
  const payload = app === undefined ? undefined : defaultPayloadConverter.toPayload(app);
  return {
    execution: { workflowId },
    type: { name: type },
    closeTime: { seconds: 1_790_000_000, nanos: 250_000_000 },
    searchAttributes: { indexedFields: payload && { RepointApp: payload } },
  } as unknown as Found;
}

const entryId = '01a207a7-5ceb-73f4-9a26-853fb6dc6b29';

it.each([
  ['journey', workflowIdOf('journey', { journey_id: 'j', endpoint_id: 'a/b', id: entryId }), entryId],
  ['journeyLife', workflowIdOf('journeyLife', { id: 'j' }), 'j'],
  ['campaignRun', workflowIdOf('campaignRun', { id: 'c', version: 12 }), 'c'],
  ['importJob', workflowIdOf('importJob', { id: 'i' }), 'i'],
])('a %s is known by its workflow', (kind, workflowId, id) => {
  const closedAt = new Date(1_790_000_000_250);
  expect(closedRun(found(kind, workflowId))).toEqual([{ kind, workflowId, appId: 'app', id, closedAt }]);
});

it.each([
  ['a workflow of somebody else in the namespace', found('journey', 'journey/of/somebody')],
  ['one of their types', found('importJobs', 'import-job/i')],
  ['one without an app', { ...found('importJob', 'import-job/i'), searchAttributes: {} } as Found],
])('%s is left alone', (_, run) => {
  expect(closedRun(run)).toEqual([]);
});
