import {
  CreateJourneyCommand,
  CreateSmsTemplateCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { createTemplates, type Onboarding, setUpOnboarding } from './onboarding.ts';
import type { World } from './world.ts';

/** The templates are the account's: once per world. */
export async function createMailTemplates(world: World): Promise<void> {
  await createTemplates(world);
  await world.client.send(
    new CreateSmsTemplateCommand({ TemplateName: 'sms', SMSTemplateRequest: { Body: 'Hello' } }),
  );
}

/** An application of its own with a segment of premium users. */
export async function setUp(world: World): Promise<Onboarding> {
  const onboarding = await setUpOnboarding(world);
  await world.client.send(
    new UpdateSmsChannelCommand({ ApplicationId: onboarding.appId, SMSChannelRequest: { Enabled: true } }),
  );
  return onboarding;
}

/** An e-mail step. */
export function mail(NextActivity?: string) {
  return { EMAIL: { TemplateName: 'welcome-email-template', ...(NextActivity && { NextActivity }) } };
}

/** Publishes a journey of one e-mail, `Mail`, with the members that a test is about. Answers its id. */
export async function publish(
  world: World,
  { appId, segmentId }: Onboarding,
  members: Partial<WriteJourneyRequest>,
): Promise<string> {
  const created = await world.client.send(
    new CreateJourneyCommand({
      ApplicationId: appId,
      WriteJourneyRequest: {
        Name: 'Mail',
        State: 'ACTIVE',
        StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
        StartActivity: 'Mail',
        Activities: { Mail: mail() },
        ...members,
      },
    }),
  );
  return created.JourneyResponse?.Id ?? '';
}

interface Person {
  readonly zone?: string;
  readonly channel?: 'EMAIL' | 'SMS';
  /** By default named as the endpoint is. */
  readonly user?: string;
}

/** Puts an endpoint of a premium user. */
export async function put(
  world: World,
  appId: string,
  id: string,
  { zone, channel = 'EMAIL', user = id }: Person = {},
): Promise<void> {
  await world.client.send(
    new UpdateEndpointCommand({
      ApplicationId: appId,
      EndpointId: id,
      EndpointRequest: {
        ChannelType: channel,
        Address: channel === 'EMAIL' ? `${id}@example.com` : '+12025550123',
        OptOut: 'NONE',
        Demographic: zone === undefined ? {} : { Timezone: zone },
        User: { UserId: user, UserAttributes: { Plan: ['premium'] } },
      },
    }),
  );
}

/** How many messages an endpoint got. */
export async function received(world: World, endpoint: string): Promise<number> {
  const messages = await world.mailbox.messages();
  return messages.filter((message) => message.endpointId === endpoint).length;
}

/** When an endpoint's messages were accepted, to the minute in UTC, oldest first. */
export async function acceptedAt(world: World, endpoint: string): Promise<(string | undefined)[]> {
  const rows = await world.deps.db
    .selectFrom('message')
    .select('accepted_at')
    .where('endpoint_id', '=', endpoint)
    .orderBy('owner')
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.accepted_at?.toISOString().slice(0, 16));
}

/** What became of a user's steps in a journey, in their order. */
export async function stepOf(world: World, journeyId: string, user: string) {
  return await world.deps.db
    .selectFrom('journey_step')
    .innerJoin('journey_entry', 'journey_entry.id', 'journey_step.entry_id')
    .select(['journey_step.step', 'journey_step.decision', 'journey_step.reason'])
    .where('journey_id', '=', journeyId)
    .where('user_id', '=', user)
    .orderBy('seq')
    .execute();
}
