import { CreateAppCommand, CreateSegmentCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { sendJourney } from '../../../../src/cli/sendJourney.ts';
import { readConfig } from '../../../../src/config.ts';
import { startTestApi, useApi } from '../../../support/api.ts';
import { useDatabase } from '../../../support/database.ts';
import { testSettings } from '../../../support/deps.ts';
import { callSigned } from '../../../support/signedRequest.ts';
import { tutorial, tutorialText } from '../../../support/tutorial.ts';

const database = useDatabase();
const api = useApi(database);

async function createApp(): Promise<string> {
  const request = { Name: 'scaled' };
  const { ApplicationResponse } = await api.client.send(
    new CreateAppCommand({ CreateApplicationRequest: request }),
  );
  return ApplicationResponse?.Id ?? '';
}

async function ask(method: 'GET' | 'PUT', appId: string, body = '', url = api.url) {
  const target = `/repoint/v1/apps/${appId}/time-scale`;
  const answer = await callSigned(url, { method, target, body });
  return { status: answer.status, body: JSON.parse(answer.body) };
}

async function warningsOfPublishing(appId: string): Promise<readonly string[]> {
  const { SegmentResponse } = await api.client.send(
    new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest: tutorial('04-create-segment') }),
  );
  const text = tutorialText('06-create-journey-completed').replace(
    'new-users-segment-id',
    SegmentResponse?.Id ?? '',
  );
  return (await sendJourney(api.client, appId, text)).warnings;
}

describe('/repoint/v1/apps/{id}/time-scale', () => {
  it("divides the durations of the app's journeys and of no other's, and says so", async () => {
    const [scaled, other] = [await createApp(), await createApp()];
    expect(await ask('GET', scaled)).toEqual({ status: 200, body: { TimeScale: null } });
    expect((await ask('PUT', scaled, '{"TimeScale":43200}')).status).toBe(200);
    expect(await ask('GET', scaled)).toEqual({ status: 200, body: { TimeScale: 43200 } });
    const said = "time scale: this journey's durations are divided by 43200";
    expect(await warningsOfPublishing(scaled)).toContain(said);
    expect(await warningsOfPublishing(other)).not.toContain(said);
    await ask('PUT', scaled, '{"TimeScale":null}');
    expect(await warningsOfPublishing(scaled)).not.toContain(said);
  });

  it.each(['{}', '{"TimeScale":0.5}', '{"TimeScale":"fast"}'])('refuses %s with its path', async (body) => {
    const { status, body: answer } = await ask('PUT', await createApp(), body);
    expect(status).toBe(400);
    expect(answer.Message).toContain('TimeScale');
  });

  it('answers 404 for an app that does not exist', async () => {
    expect((await ask('PUT', 'nothing', '{"TimeScale":2}')).status).toBe(404);
    expect((await ask('GET', 'nothing')).status).toBe(404);
  });

  it('is refused where messages reach real people', async () => {
    const appId = await createApp();
    const config = readConfig({ ...testSettings, REPOINT_DELIVERY: 'live' });
    const live = await startTestApi(database, { deps: { config } });
    const { status, body } = await ask('PUT', appId, '{"TimeScale":2}', live.url);
    await live.close();
    expect(status).toBe(400);
    expect(body.Message).toContain('REPOINT_DELIVERY=mailbox');
  });
});
