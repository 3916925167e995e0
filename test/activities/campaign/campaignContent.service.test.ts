import { CreateEmailTemplateCommand, UpdateEmailTemplateCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import { useCampaignRuns } from '../../support/campaignRuns.ts';

const { add, api, activity, create, database, mailbox, open, runToEnd } = useCampaignRuns();

describe('a run', () => {
  test('sends a template, its version named by nobody being the active one', async () => {
    await add('ann');
    await api.client.send(
      new CreateEmailTemplateCommand({
        TemplateName: 'tips',
        EmailTemplateRequest: {
          Subject: 'From the template',
          HtmlPart: '<p>{{Attributes.Name}}</p>',
          DefaultSubstitutions: '{"Attributes":{"Name":"friend"}}',
        },
      }),
    );
    const campaignId = await create({
      MessageConfiguration: { EmailMessage: { FromAddress: 'team@example.com' } },
      TemplateConfiguration: { EmailTemplate: { Name: 'tips' } },
    });
    await runToEnd(await open(campaignId));
    const message = (await mailbox.messages()).find((each) => each.campaignId === campaignId);
    expect(message).toMatchObject({
      from: 'team@example.com',
      subject: 'From the template',
      html: '<p>friend</p>',
    });
    const row = database.db.selectFrom('message').select(['template_name', 'template_version', 'rendered']);
    expect(await row.where('campaign_id', '=', campaignId).execute()).toEqual([
      { template_name: 'tips', template_version: 1, rendered: null },
    ]);
    await api.client.send(
      new UpdateEmailTemplateCommand({
        TemplateName: 'tips',
        CreateNewVersion: true,
        EmailTemplateRequest: { Subject: 'Not active', TextPart: 'For {{upper Attributes.Name}}' },
      }),
    );
    const TemplateConfiguration = { EmailTemplate: { Name: 'tips', Version: '2' } };
    const pinned = await create({ MessageConfiguration: undefined, TemplateConfiguration });
    await runToEnd(await open(pinned));
    expect((await mailbox.messages()).find((each) => each.campaignId === pinned)).toMatchObject({
      subject: 'Not active',
      from: 'shop@example.com',
    });
  });

  test('whose inline text does not compile is refused when it is made, with each place', async () => {
    const EmailMessage = { Title: '{{#if}}', Body: 'Hello {{Attributes.Name}}' };
    const MessageConfiguration = { EmailMessage, SMSMessage: { Body: '{{exec "ls"}}' } };
    await expect(create({ MessageConfiguration })).rejects.toThrow(
      /MessageConfiguration.EmailMessage.Title: Parse error.*MessageConfiguration.SMSMessage.Body: unknown helper exec/s,
    );
  });

  test('skips everybody where the template does not exist, and a text that cannot be rendered or comes to nothing', async () => {
    await add('ann');
    const missing = await create({ TemplateConfiguration: { EmailTemplate: { Name: 'nothing' } } });
    await runToEnd(await open(missing));
    expect((await activity(missing))?.ExecutionMetrics).toEqual({ 'skipped TEMPLATE_MISSING': '1' });
    for (const HtmlBody of ['{{divide 1 0}}', '{{Attributes.Unknown}}']) {
      const poison = await create({ MessageConfiguration: { EmailMessage: { Title: 'Tips', HtmlBody } } });
      await runToEnd(await open(poison));
      expect((await activity(poison))?.ExecutionMetrics).toEqual({ 'skipped TEMPLATE_FAILED': '1' });
    }
  });
});
