import path from 'node:path';
import type { WriteJourneyRequest } from '@aws-sdk/client-pinpoint';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aws, awsCliIsThere } from '../support/awsCli.ts';
import { type Caller, callers, command } from '../support/caller.ts';
import {
  createTemplates,
  day,
  hour,
  type Onboarding,
  putUser,
  setUpOnboarding,
} from '../support/onboarding.ts';
import { repoint } from '../support/repointCli.ts';
import { callSigned } from '../support/signedRequest.ts';
import { tutorial } from '../support/tutorial.ts';
import { useWorld } from '../support/world.ts';

let onboarding: Onboarding;
const world = useWorld();
beforeEach(async () => {
  onboarding = await setUpOnboarding(world);
});

const startedBy = (SegmentId: string) => ({ StartCondition: { SegmentStartCondition: { SegmentId } } });

/** A journey of the tutorial's, for the segment of this test's own application. */
function journeyOf(file: string, change: Partial<WriteJourneyRequest> = {}): WriteJourneyRequest {
  return { ...tutorial(file), ...startedBy(onboarding.segmentId), ...change };
}

async function messagesOf(user: string) {
  const messages = await world.mailbox.messages();
  return messages.filter(
    ({ appId, endpointId }) => appId === onboarding.appId && endpointId?.startsWith(`${user}-`),
  );
}

/** What a user of this test's own application got, oldest first. */
async function received(user = 'user123'): Promise<string[]> {
  const messages = await messagesOf(user);
  return messages.map(
    ({ channel, activityId, subject, title }) => `${channel} ${activityId}: ${subject ?? title}`,
  );
}

/** The user opens the welcome, as the provider tells it. */
async function open(user = 'user123'): Promise<void> {
  const [first] = await messagesOf(user);
  await world.mailbox.play(first?.id ?? 'none', 'open');
}

const welcome = 'EMAIL WelcomeEmail: Welcome to MyApp, there';
const followUp = 'EMAIL EngagedFollowUp: there, three things to try next';
const push = 'PUSH ReengagePush: Your dashboard is waiting';

describe.each(callers)('step 6 through %s', (_, callerAt) => {
  let caller: Caller;
  const call: Caller['call'] = (operation, input) => caller.call(operation, input);

  beforeAll(async () => {
    caller = callerAt(world);
    const created = await Promise.all([
      call('CreateEmailTemplate', {
        TemplateName: 'welcome-email-template',
        EmailTemplateRequest: tutorial('06-create-email-template-welcome'),
      }),
      call('CreateEmailTemplate', {
        TemplateName: 'engaged-follow-up-template',
        EmailTemplateRequest: tutorial('06-create-email-template-engaged-follow-up'),
      }),
      call('CreatePushTemplate', {
        TemplateName: 'reengage-push-template',
        PushNotificationTemplateRequest: tutorial('06-create-push-template-reengage'),
      }),
    ]);
    expect(created.map((answer) => answer.status)).toEqual([201, 201, 201]);
  });

  /** Publishes the canonical form, the only one that this client sends as it stands. */
  async function publish(change: Partial<WriteJourneyRequest> = {}) {
    const created = await call('CreateJourney', {
      ApplicationId: onboarding.appId,
      WriteJourneyRequest: journeyOf('06-create-journey-canonical', change),
    });
    expect(created.status).toBe(201);
    const JourneyId = created.JourneyResponse?.Id ?? '';
    return { journey: created.JourneyResponse, key: { ApplicationId: onboarding.appId, JourneyId } };
  }

  it('a template is read, changed in place, and listed', async () => {
    const TemplateName = 'welcome-email-template';
    const printed = tutorial('06-create-email-template-welcome');
    const { EmailTemplateResponse: before } = await call('GetEmailTemplate', { TemplateName });
    expect(before).toMatchObject({
      ...printed,
      TemplateName,
      TemplateType: 'EMAIL',
      Version: '1',
      Arn: expect.stringMatching(/:templates\/welcome-email-template\/EMAIL$/),
    });
    const EmailTemplateRequest = { ...printed, TemplateDescription: 'The first mail' };
    expect(await call('UpdateEmailTemplate', { TemplateName, EmailTemplateRequest })).toMatchObject({
      status: 202,
    });
    const { TemplatesResponse } = await call('ListTemplates', { TemplateType: 'EMAIL' });
    expect(TemplatesResponse?.Item).toHaveLength(2);
    expect(TemplatesResponse?.Item).toContainEqual(
      expect.objectContaining({ TemplateName, TemplateDescription: 'The first mail', Version: '1' }),
    );
  });

  it('who opens the mail gets the follow-up and no push; who does not gets the push on the phone', async () => {
    const { appId } = onboarding;
    await putUser(world, appId, 'user123');
    const { journey, key } = await publish();
    expect(journey).toMatchObject({
      ...journeyOf('06-create-journey-canonical'),
      ApplicationId: appId,
      Id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    await putUser(world, appId, 'user124');
    await world.settle();
    expect([await received(), await received('user124')]).toEqual([[welcome], [welcome]]);
    await open('user123');
    await world.advance(5 * day);
    expect(await received('user123')).toEqual([welcome, followUp]);
    expect(await received('user124')).toEqual([welcome, push]);
    const [, onThePhone] = await messagesOf('user124');
    expect(onThePhone).toMatchObject({
      endpointId: 'user124-iphone',
      to: 'user124-token-from-apns',
      body: 'Hi there, it takes five minutes to set up.',
      journeyId: journey?.Id,
    });
    expect((await call('GetJourney', key)).JourneyResponse).toEqual(journey);
    const { JourneysResponse } = await call('ListJourneys', { ApplicationId: appId });
    expect(JourneysResponse?.Item).toEqual([journey]);
  });

  it('paused nobody moves, resumed they go on, cancelled nobody gets anything more; then it is deleted', async () => {
    const { key } = await publish({ State: 'DRAFT' });
    const set = async (State: 'ACTIVE' | 'PAUSED' | 'CANCELLED') =>
      await call('UpdateJourneyState', { ...key, JourneyStateRequest: { State } });
    await putUser(world, onboarding.appId);
    await world.settle();
    expect(await received()).toEqual([]);
    const published = await call('UpdateJourney', {
      ...key,
      WriteJourneyRequest: journeyOf('06-create-journey-canonical', { Name: 'Renamed' }),
    });
    expect(published.JourneyResponse).toMatchObject({ Name: 'Renamed', State: 'ACTIVE' });
    await world.settle();
    expect(await received()).toEqual([welcome]);
    expect((await set('PAUSED')).JourneyResponse?.State).toBe('PAUSED');
    await world.advance(10 * day);
    expect(await received()).toEqual([welcome]);
    await set('ACTIVE');
    await world.advance(5 * day);
    expect(await received()).toEqual([welcome, push]);
    await putUser(world, onboarding.appId, 'user124');
    await world.settle();
    expect((await set('CANCELLED')).JourneyResponse?.State).toBe('CANCELLED');
    await world.advance(10 * day);
    expect(await received('user124')).toEqual([welcome]);
    await call('DeleteJourney', key);
    expect(await caller.refusal('GetJourney', key)).toMatchObject({ type: 'NotFoundException' });
  });

  it('an unknown segment is refused, and a step whose template is deleted is skipped', async () => {
    const refusal = await caller.refusal('CreateJourney', {
      ApplicationId: onboarding.appId,
      WriteJourneyRequest: tutorial('06-create-journey-canonical'),
    });
    expect(refusal).toEqual({
      type: 'BadRequestException',
      message: expect.stringContaining('new-users-segment-id'),
    });
    const deleted = await Promise.all([
      call('DeleteEmailTemplate', { TemplateName: 'welcome-email-template' }),
      call('DeleteEmailTemplate', { TemplateName: 'engaged-follow-up-template' }),
      call('DeletePushTemplate', { TemplateName: 'reengage-push-template' }),
    ]);
    expect(deleted.map((answer) => answer.status)).toEqual([202, 202, 202]);
    await putUser(world, onboarding.appId);
    await publish();
    await world.advance(5 * day);
    expect(await received()).toEqual([]);
    const { db } = world.deps;
    const steps = await db
      .selectFrom('journey_step')
      .select(['step', 'reason'])
      .where('app_id', '=', onboarding.appId)
      .where('decision', '=', 'skipped')
      .orderBy('at')
      .execute();
    expect(steps).toEqual([
      { step: 'WelcomeEmail', reason: 'TEMPLATE_MISSING' },
      { step: 'ReengagePush', reason: 'TEMPLATE_MISSING' },
    ]);
  });
});

describe('step 6 as the tutorial prints it', () => {
  beforeAll(() => createTemplates(world));

  const example = (file: string) => path.resolve(import.meta.dirname, `../../examples/tutorial/${file}.json`);

  it.skipIf(!awsCliIsThere)('the AWS CLI refuses it before it leaves the machine', async () => {
    const input = {
      ApplicationId: onboarding.appId,
      WriteJourneyRequest: tutorial('06-create-journey'),
    };
    await expect(aws(world.url, command('CreateJourney', input))).rejects.toThrow(
      /Unknown parameter in WriteJourneyRequest\.Activities\.WelcomeEmail: "NextActivity"/,
    );
  });

  it('over plain HTTP it is published with warnings, and its participants end at the split', async () => {
    const { appId } = onboarding;
    await putUser(world, appId);
    const answer = await callSigned(world.url, {
      method: 'POST',
      target: `/v1/apps/${appId}/journeys`,
      body: JSON.stringify(journeyOf('06-create-journey')),
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-repoint-matching': '2' } });
    expect(JSON.parse(answer.body)).toMatchObject({
      State: 'ACTIVE',
      StartActivity: 'WelcomeEmail',
      Activities: { Wait3Days: { Wait: { WaitTime: { WaitFor: 'P3D' }, NextActivity: 'CheckEngagement' } } },
    });
    const warnings = decodeURIComponent(String(answer.headers['x-repoint-warnings'])).split(' | ');
    expect(warnings).toEqual(
      expect.arrayContaining([
        'Activities.WelcomeEmail.NextActivity: moved into EMAIL, where it belongs',
        'Activities.Wait3Days.Wait.WaitTime.WaitFor: "3d" read as P3D',
        'StartActivity: missing; starts with "WelcomeEmail", the only step nobody points to',
        'Activities.CheckEngagement.ConditionalSplit.TrueActivity: no step "EngagedFollowUp"; participants end there',
        'Activities.CheckEngagement.ConditionalSplit.FalseActivity: no step "ReengagePush"; participants end there',
      ]),
    );
    await world.advance(5 * day);
    expect(await received()).toEqual([welcome]);
    const entry = await world.deps.db
      .selectFrom('journey_entry')
      .select(['ended_at', 'end_reason', 'position'])
      .where('app_id', '=', appId)
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({
      ended_at: expect.any(Date),
      end_reason: 'COMPLETED',
      position: 'CheckEngagement',
    });
  });

  it('`repoint journeys publish` publishes the file, and completed it sends follow-up or push', async () => {
    const { appId, segmentId } = onboarding;
    await putUser(world, appId, 'user123');
    await putUser(world, appId, 'user124');
    const { code, stdout } = await repoint([
      'journeys',
      'publish',
      example('06-create-journey-completed'),
      ...['--application-id', appId, '--segment-id', segmentId, '--endpoint-url', world.url],
    ]);
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(
        /^Published \w+ \(New User Onboarding\): 4 endpoints match its segment now\.$/,
      ),
    });
    await world.advance(3 * day + hour);
    await open('user123');
    await world.advance(2 * day);
    expect(await received('user123')).toEqual([welcome, followUp]);
    expect(await received('user124')).toEqual([welcome, push]);
  });
});
