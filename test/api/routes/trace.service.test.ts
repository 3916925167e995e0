import { beforeAll, describe, expect, it } from 'vitest';
import {
  createTemplates,
  day,
  hour,
  type Onboarding,
  play,
  publishOnboarding,
  putUser,
  setUpOnboarding,
} from '../../support/onboarding.ts';
import { callSigned } from '../../support/signedRequest.ts';
import { useWorld } from '../../support/world.ts';

let onboarding: Onboarding;
let journeyId: string;
const world = useWorld({ settings: { REPOINT_TEMPORAL_UI_URL: 'http://127.0.0.1:8233' } });
beforeAll(async () => {
  await createTemplates(world);
  onboarding = await setUpOnboarding(world);
  journeyId = await publishOnboarding(world, onboarding);
});

async function trace(query: string) {
  const target = `/repoint/v1/apps/${onboarding.appId}/journeys/${journeyId}/trace?${query}`;
  const { status, body } = await callSigned(world.url, { method: 'GET', target });
  return { status, body: JSON.parse(body) };
}

describe('GET /repoint/v1/apps/{id}/journeys/{id}/trace', () => {
  it('tells what somebody waits for and when their workflow looks again', async () => {
    await putUser(world, onboarding.appId, 'waiting');
    await world.settle();
    const { status, body } = await trace('user=waiting');
    expect(status).toBe(200);
    const [entry] = body.Entries;
    expect(entry).toMatchObject({
      Cause: 'match:1',
      Position: 'WelcomeEmail',
      EndedAt: null,
      IsParked: false,
    });
    expect(entry.Steps).toMatchObject([
      { Step: 'WelcomeEmail', Decision: 'sent', Messages: [{ EndpointId: 'waiting-email', State: 'sent' }] },
    ]);
    expect(entry.WaitsFor).toMatchObject([
      { Step: 'CheckEngagement', EventTypes: ['_email.open'], OfMessage: 'WelcomeEmail', MatchedAt: null },
    ]);
    const wakes = Date.parse(entry.WakesAt) - Date.parse(entry.EnteredAt);
    expect(Math.round(wakes / hour)).toBe(96);
    expect(entry.WebUi).toContain(`/namespaces/default/workflows/journey%2F${journeyId}%2Fwaiting-`);
  });

  it('tells each decision with its reason once it is made, by the endpoint too', async () => {
    await putUser(world, onboarding.appId, 'opener');
    await world.settle();
    await world.advance(3 * day + hour);
    await play(world, 'WelcomeEmail', 'open', 'opener');
    await world.settle();
    const { body } = await trace('endpoint=opener-iphone');
    expect(body.Participant).toBe('u:opener');
    const [entry] = body.Entries;
    expect(entry.Steps.map((step: Record<string, string>) => [step.Step, step.Decision])).toEqual([
      ['WelcomeEmail', 'sent'],
      ['Wait3Days', 'passed'],
      ['CheckEngagement', 'yes'],
      ['EngagedFollowUp', 'sent'],
    ]);
    expect(entry.Steps[2].Reason).toMatch(/^_email\.open of WelcomeEmail arrived \d{4}-/);
    expect(entry).toMatchObject({ EndReason: 'COMPLETED', WaitsFor: [], WakesAt: null });
  });

  it('tells why somebody who matches was not let in', async () => {
    await putUser(world, onboarding.appId, 'refuser');
    await world.deps.db
      .updateTable('endpoint')
      .set({ opt_out: 'ALL' })
      .where('user_id', '=', 'refuser')
      .execute();
    await world.settle();
    const { body } = await trace('user=refuser');
    expect(body).toMatchObject({ Entries: [], Membership: { Matching: true, Refused: 'ENDPOINT_OPT_OUT' } });
  });

  it('answers 400 without a person and 404 for one, or a journey, that is not there', async () => {
    expect((await trace('')).status).toBe(400);
    expect((await trace('user=a&endpoint=b')).status).toBe(400);
    expect((await trace('endpoint=nobody')).status).toBe(404);
    const target = `/repoint/v1/apps/${onboarding.appId}/journeys/none/trace?user=a`;
    expect((await callSigned(world.url, { method: 'GET', target })).status).toBe(404);
  });
});
