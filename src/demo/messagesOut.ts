import {
  CreateCampaignCommand,
  CreateEmailTemplateCommand,
  CreatePushTemplateCommand,
  GetEmailTemplateCommand,
  GetPushTemplateCommand,
  NotFoundException,
  PutEventsCommand,
  SendMessagesCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { type SentJourney, sendJourney } from '../cli/sendJourney.ts';
import { given, type Stage } from './stage.ts';
import { tutorialRequest, tutorialText } from './tutorialFiles.ts';

/** Step 5: the tutorial's campaign, whose start has passed, so that it sends now. Answers its id. */
export async function createCampaign({ api, say }: Stage, appId: string, SegmentId: string): Promise<string> {
  say('\nStep 5  A campaign to the segment');
  const WriteCampaignRequest = { ...tutorialRequest<WriteCampaignRequest>('05-create-campaign'), SegmentId };
  const { Schedule: schedule } = WriteCampaignRequest;
  say(`        Its StartTime ${schedule?.StartTime} has passed, so it sends now.`);
  const { CampaignResponse } = await api.client.send(
    new CreateCampaignCommand({ ApplicationId: appId, WriteCampaignRequest }),
  );
  return given(CampaignResponse?.Id, "the campaign's id");
}

/** Step 6: the templates and the journey, its JSON as the tutorial writes it, with the two steps it leaves out. */
export async function publishJourney(stage: Stage, appId: string, segmentId: string): Promise<string> {
  stage.say(
    '\nStep 6  A journey: welcome e-mail; after 3 days and 1 more, a follow-up for who opened it, else a push',
  );
  await createTemplates(stage);
  const text = tutorialText('06-create-journey-completed').replace('new-users-segment-id', segmentId);
  const sent = await sendJourney(stage.api.client, appId, text);
  for (const line of said(sent)) stage.say(`        ${line}`);
  return given(sent.journey.Id, "the journey's id");
}

function said({ warnings, matching }: SentJourney): string[] {
  return [...warnings.map((warning) => `warning: ${warning}`), `${matching} endpoints match its segment.`];
}

/** Templates belong to the account, so an earlier demo may have made them. */
async function createTemplates({ api: { client } }: Stage): Promise<void> {
  const emails = [
    ['welcome-email-template', '06-create-email-template-welcome'],
    ['engaged-follow-up-template', '06-create-email-template-engaged-follow-up'],
  ] as const;
  for (const [TemplateName, file] of emails) {
    await unlessThere(
      () => client.send(new GetEmailTemplateCommand({ TemplateName })),
      () =>
        client.send(
          new CreateEmailTemplateCommand({ TemplateName, EmailTemplateRequest: tutorialRequest(file) }),
        ),
    );
  }
  const TemplateName = 'reengage-push-template';
  const PushNotificationTemplateRequest = tutorialRequest<never>('06-create-push-template-reengage');
  await unlessThere(
    () => client.send(new GetPushTemplateCommand({ TemplateName })),
    () => client.send(new CreatePushTemplateCommand({ TemplateName, PushNotificationTemplateRequest })),
  );
}

async function unlessThere(look: () => Promise<unknown>, create: () => Promise<unknown>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
    await create();
  }
}

/** Step 7: one message to one address, and an event, as an application does both. */
export async function sendAndRecord({ api, say }: Stage, ApplicationId: string): Promise<void> {
  say('\nStep 7  A password reset for one address, and an event of user123');
  await api.client.send(
    new SendMessagesCommand({ ApplicationId, MessageRequest: tutorialRequest('07-send-messages') }),
  );
  await api.client.send(
    new PutEventsCommand({ ApplicationId, EventsRequest: tutorialRequest('08-put-events') }),
  );
}
