import {
  CreateAppCommand,
  CreateEmailTemplateCommand,
  CreateJourneyCommand,
  CreatePushTemplateCommand,
  CreateSegmentCommand,
  UpdateApnsChannelCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { tutorial } from './tutorial.ts';
import type { World } from './world.ts';

export const hour = 3_600_000;
export const day = 24 * hour;

/** All that is needed of a world to set something up in it. */
type Reached = Pick<World, 'client'>;

/** The tutorial's application, ready for its journey. */
export interface Onboarding {
  readonly appId: string;
  readonly segmentId: string;
}

const templates = [
  [
    'welcome-email-template',
    CreateEmailTemplateCommand,
    'EmailTemplateRequest',
    '06-create-email-template-welcome',
  ],
  [
    'engaged-follow-up-template',
    CreateEmailTemplateCommand,
    'EmailTemplateRequest',
    '06-create-email-template-engaged-follow-up',
  ],
] as const;

/** Steps 1, 2 and 4 of the tutorial, and its templates, by the SDK. */
export async function setUpOnboarding(world: Reached): Promise<Onboarding> {
  const { client } = world;
  const app = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: tutorial('01-create-app') }),
  );
  const appId = app.ApplicationResponse?.Id ?? '';
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId: appId,
      EmailChannelRequest: tutorial('02-update-email-channel'),
    }),
  );
  await client.send(
    new UpdateApnsChannelCommand({
      ApplicationId: appId,
      APNSChannelRequest: tutorial('02-update-apns-channel'),
    }),
  );
  const segment = await client.send(
    new CreateSegmentCommand({ ApplicationId: appId, WriteSegmentRequest: tutorial('04-create-segment') }),
  );
  return { appId, segmentId: segment.SegmentResponse?.Id ?? '' };
}

/** The templates are the account's: once per world. */
export async function createTemplates(world: Reached): Promise<void> {
  for (const [TemplateName, Command, member, file] of templates) {
    await world.client.send(new Command({ TemplateName, [member]: tutorial(file) } as never));
  }
  await world.client.send(
    new CreatePushTemplateCommand({
      TemplateName: 'reengage-push-template',
      PushNotificationTemplateRequest: tutorial('06-create-push-template-reengage'),
    }),
  );
}

/** Publishes the tutorial's journey in canonical form, changed as a test needs it. Answers its id. */
export async function publishOnboarding(
  world: Reached,
  { appId, segmentId }: Onboarding,
  change: (journey: WriteJourneyRequest) => WriteJourneyRequest = (journey) => journey,
): Promise<string> {
  const journey = change({
    ...tutorial('06-create-journey-canonical'),
    StartCondition: { SegmentStartCondition: { SegmentId: segmentId } },
  });
  const created = await world.client.send(
    new CreateJourneyCommand({ ApplicationId: appId, WriteJourneyRequest: journey }),
  );
  return created.JourneyResponse?.Id ?? '';
}

/** Both endpoints of the tutorial's user, under another user's name where one is given. */
export async function putUser(world: Reached, appId: string, user = 'user123'): Promise<void> {
  for (const [suffix, file] of [
    ['email', '03-update-endpoint-email'],
    ['iphone', '03-update-endpoint-iphone'],
  ] as const) {
    const request = tutorial(file);
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: appId,
        EndpointId: `${user}-${suffix}`,
        EndpointRequest: {
          ...request,
          Address: request.Address.replace('user123', user).replace('device-token', `${user}-token`),
          User: { ...request.User, UserId: user },
        } as never,
      }),
    );
  }
}

/** What a user got, as channel and step, oldest first. */
export async function received(world: World, user = 'user123'): Promise<string[]> {
  const messages = await world.mailbox.messages();
  return messages
    .filter((message) => message.endpointId?.startsWith(`${user}-`))
    .map((message) => `${message.channel} ${message.activityId}`);
}

/** Plays an event of a user's message of a step back, as its provider would tell it. */
export async function play(
  world: Pick<World, 'mailbox'>,
  step: string,
  type: Parameters<World['mailbox']['play']>[1],
  user = 'user123',
): Promise<void> {
  const messages = await world.mailbox.messages();
  const message = messages.find((one) => one.activityId === step && one.endpointId?.startsWith(`${user}-`));
  if (!message) throw new Error(`${user} got nothing from ${step}`);
  await world.mailbox.play(message.id, type);
}
