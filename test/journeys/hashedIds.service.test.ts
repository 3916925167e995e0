import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { requireSameIds } from '../../src/client/requireSameIds.ts';
import { readConfig } from '../../src/config.ts';
import { testSettings } from '../support/deps.ts';
import { createTemplates, day, publishOnboarding, putUser, setUpOnboarding } from '../support/onboarding.ts';
import { callSigned } from '../support/signedRequest.ts';
import { useWorld } from '../support/world.ts';

const settings = { REPOINT_HASH_IDS: 'true', REPOINT_HASH_KEY: 'a secret of this test' };
/** The ids of this person's endpoints and user are their address. */
const ann = 'ann.lee@mail.example';

let appId: string;
let journeyId: string;
const world = useWorld({
  settings: { ...settings, REPOINT_TEMPORAL_UI_URL: 'http://temporal.example' },
});
beforeAll(async () => {
  await createTemplates(world);
  const onboarding = await setUpOnboarding(world);
  appId = onboarding.appId;
  journeyId = await publishOnboarding(world, onboarding);
  await putUser(world, appId, ann);
  await world.settle();
});

/** All that Temporal holds of a workflow, its payloads decoded. */
async function everythingOf(workflowId: string): Promise<string> {
  const handle = world.temporal.workflow.getHandle(workflowId);
  const { searchAttributes, typedSearchAttributes, memo, raw } = await handle.describe();
  const told = JSON.stringify([workflowId, searchAttributes, typedSearchAttributes, memo, raw]);
  const text = `${told}${historyToJSON(await handle.fetchHistory())}`;
  return text.replace(/"data": ?"([A-Za-z0-9+/=]+)"/g, (_, data) => Buffer.from(data, 'base64').toString());
}

describe('with REPOINT_HASH_IDS', () => {
  it('wakes come to the workflow under its hashed id', async () => {
    await world.advance(3.5 * day);
    const [welcome] = await world.mailbox.messages();
    await world.mailbox.play(welcome?.id ?? '', 'open');
    await world.settle();
    const steps = (await world.mailbox.messages()).map(({ activityId }) => activityId);
    expect(steps).toEqual(['WelcomeEmail', 'EngagedFollowUp']);
  });

  it('nothing personal stands in any history, workflow id, memo or search attribute', async () => {
    const [message] = await world.mailbox.messages();
    const personal = ['ann.lee', 'mail.example', 'premium', 'token', message?.subject ?? '', 'Welcome to'];
    const workflows = world.startedWorkflows();
    expect(workflows.some((id) => id.startsWith(`journey/${journeyId}/`))).toBe(true);
    for (const workflowId of workflows) {
      const everything = await everythingOf(workflowId);
      expect(everything).toContain('RepointApp');
      for (const word of personal) expect(everything).not.toContain(word);
    }
  });

  it("the trace finds a person by their own id and links to the workflow's hashed one", async () => {
    const target = `/repoint/v1/apps/${appId}/journeys/${journeyId}/trace?user=${encodeURIComponent(ann)}`;
    const answer = await callSigned(world.url, { method: 'GET', target });
    const [entry] = JSON.parse(answer.body).Entries;
    expect(world.startedWorkflows()).toContain(entry.WorkflowId);
    expect(entry.WebUi).toBe(
      `http://temporal.example/namespaces/default/workflows/${encodeURIComponent(entry.WorkflowId)}`,
    );
  });

  it('a worker with another key does not start while somebody is in a journey', async () => {
    await putUser(world, appId, 'bob');
    await world.settle();
    const { db, config } = world.deps;
    await requireSameIds({ db, config });
    const other = readConfig({ ...testSettings, ...settings, REPOINT_HASH_KEY: 'another secret, as long' });
    await expect(requireSameIds({ db, config: other })).rejects.toThrow('REPOINT_HASH_KEY');
    await world.advance(5 * day);
    await requireSameIds({ db, config: other });
    await requireSameIds({ db, config });
  });
});

it('needs a key', () => {
  expect(() => readConfig({ ...testSettings, REPOINT_HASH_IDS: 'true' })).toThrow(
    'REPOINT_HASH_KEY: required',
  );
});
