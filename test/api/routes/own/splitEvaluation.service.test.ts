import { CreateJourneyCommand, CreateSegmentCommand, UpdateJourneyCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { createApp, useApi } from '../../../support/api.ts';
import { callSigned } from '../../../support/signedRequest.ts';

const api = useApi();

async function ask(method: 'GET' | 'PUT', of: string, value?: unknown) {
  const body = value === undefined ? '' : JSON.stringify({ SplitEvaluation: value });
  const target = `/repoint/v1/apps/${of}/split-evaluation`;
  const answer = await callSigned(api.url, { method, target, body });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

async function createDraft(ApplicationId: string): Promise<string> {
  const created = await api.client.send(
    new CreateJourneyCommand({ ApplicationId, WriteJourneyRequest: { Name: 'J' } }),
  );
  return created.JourneyResponse?.Id ?? '';
}

async function publish(appId: string, JourneyId: string): Promise<void> {
  const segment = await api.client.send(
    new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest: { Name: 'all', Dimensions: {} } }),
  );
  const segmentId = segment.SegmentResponse?.Id ?? '';
  await api.client.send(
    new UpdateJourneyCommand({
      ApplicationId: appId,
      JourneyId,
      WriteJourneyRequest: {
        Name: 'J',
        State: 'ACTIVE',
        StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
        Activities: { Wait: { Wait: { WaitTime: { WaitFor: 'P1D' } } } },
      },
    }),
  );
}

describe('split-evaluation under /repoint/v1', () => {
  it('of an app says when the splits of its journeys are judged; null leaves it to the setting', async () => {
    const appId = await createApp(api.client);
    expect(await ask('GET', appId)).toEqual({
      status: 200,
      body: { SplitEvaluation: null, InForce: 'event' },
    });
    await ask('PUT', appId, 'at-end');
    expect((await ask('GET', appId)).body).toEqual({ SplitEvaluation: 'at-end', InForce: 'at-end' });
    await ask('PUT', appId, null);
    expect((await ask('GET', appId)).body).toEqual({ SplitEvaluation: null, InForce: 'event' });
  });

  it('of a draft goes before its app, and is fixed when the journey is published', async () => {
    const appId = await createApp(api.client);
    const [own, inherited] = [await createDraft(appId), await createDraft(appId)];
    await ask('PUT', appId, 'at-end');
    const stored = await ask('PUT', `${appId}/journeys/${own}`, 'event');
    expect(stored).toEqual({ status: 200, body: { SplitEvaluation: 'event', InForce: 'event' } });
    await publish(appId, own);
    await publish(appId, inherited);
    await ask('PUT', appId, 'event');
    expect((await ask('GET', `${appId}/journeys/${own}`)).body.InForce).toBe('event');
    expect((await ask('GET', `${appId}/journeys/${inherited}`)).body.InForce).toBe('at-end');
    expect((await ask('PUT', `${appId}/journeys/${own}`, 'at-end')).status).toBe(409);
  });

  it.each(['later', 5, undefined])('refuses %s with its path', async (value) => {
    const { status, body } = await ask('PUT', await createApp(api.client), value ?? {});
    expect(status).toBe(400);
    expect(body.Message).toContain('SplitEvaluation');
  });

  it('answers 404 for what does not exist', async () => {
    const appId = await createApp(api.client);
    expect((await ask('GET', 'nothing')).status).toBe(404);
    expect((await ask('PUT', 'nothing', 'event')).status).toBe(404);
    expect((await ask('GET', `${appId}/journeys/nothing`)).status).toBe(404);
    expect((await ask('PUT', `${appId}/journeys/nothing`, 'event')).status).toBe(404);
  });
});
