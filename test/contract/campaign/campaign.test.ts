import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import { parseCampaign, pastStartWarning } from '../../../src/contract/campaign/campaign.ts';
import { RepointError } from '../../../src/domain/errors.ts';

const good: WriteCampaignRequest = {
  Name: 'Tips',
  SegmentId: 'segment',
  MessageConfiguration: { EmailMessage: { Title: 'Hello', HtmlBody: '<p>Hi</p>' } },
  Schedule: { StartTime: '2026-02-13T10:00:00Z', Frequency: 'ONCE' },
};

function refusal(request: WriteCampaignRequest): RepointError {
  try {
    parseCampaign(request);
  } catch (error) {
    if (error instanceof RepointError) return error;
    throw error;
  }
  throw new Error('accepted');
}

const paths = (error: RepointError) => error.problems.map((problem) => problem.path);

describe('parseCampaign', () => {
  test('keeps what the caller wrote, without tags and without what is not a campaign’s', () => {
    const { document, segmentId, warnings } = parseCampaign({ ...good, tags: { team: 'growth' } });
    expect(document).toEqual({
      Name: 'Tips',
      IsPaused: false,
      MessageConfiguration: good.MessageConfiguration,
      Schedule: good.Schedule,
    });
    expect(segmentId).toBe('segment');
    expect(warnings).toEqual([]);
  });

  test('400 names every problem with its path, the value given and what is allowed', () => {
    const error = refusal({
      MessageConfiguration: { EmailMessage: { Headers: [{ Name: 'a:b', Value: 'c' }] } },
      Schedule: { StartTime: '2026-02-30T10:00:00Z' },
      Limits: { Daily: 101, Total: -1, MaximumDuration: 59, MessagesPerSecond: 0 },
    });
    expect(error.code).toBe('BadRequest');
    expect(paths(error)).toEqual([
      'SegmentId',
      'MessageConfiguration.EmailMessage.Headers[0].Name',
      'Schedule.StartTime',
      'Limits.Daily',
      'Limits.Total',
      'Limits.MaximumDuration',
      'Limits.MessagesPerSecond',
    ]);
    expect(error.message).toContain(
      'Limits.MaximumDuration: 59: a whole number from 60 to 311040000 is allowed',
    );
    expect(error.message).toContain(
      'Schedule.StartTime: "2026-02-30T10:00:00Z" is not a point in time; write ISO 8601, such as 2026-03-01T09:00:00Z, or IMMEDIATE',
    );
  });

  test('400 for a scheduled campaign whose messages are not complete', () => {
    const error = refusal({
      ...good,
      MessageConfiguration: { EmailMessage: {}, SMSMessage: {} },
      Schedule: { StartTime: '2026-02-13T10:00:00Z', EndTime: '2026-02-13T10:00:00Z' },
    });
    expect(paths(error)).toEqual([
      'Schedule.EndTime',
      'MessageConfiguration.EmailMessage.Title',
      'MessageConfiguration.EmailMessage.HtmlBody',
      'MessageConfiguration.SMSMessage.Body',
    ]);
  });

  test('400 for a scheduled campaign without anything to send', () => {
    expect(paths(refusal({ ...good, MessageConfiguration: undefined }))).toEqual(['MessageConfiguration']);
  });

  test('a template stands in for inline content', () => {
    const TemplateConfiguration = { EmailTemplate: { Name: 'tips' }, SMSTemplate: { Name: 'tips' } };
    const MessageConfiguration = { EmailMessage: { FromAddress: 'team@example.com' }, SMSMessage: {} };
    expect(parseCampaign({ ...good, MessageConfiguration, TemplateConfiguration }).document).toMatchObject({
      TemplateConfiguration,
    });
  });

  test('501 names everything that is not built, with its path', () => {
    const error = refusal({
      ...good,
      AdditionalTreatments: [{ SizePercent: 10 }],
      HoldoutPercent: 5,
      Hook: { WebUrl: 'https://example.com' },
      MessageConfiguration: { InAppMessage: { Body: 'Hi' } },
      TemplateConfiguration: { VoiceTemplate: { Name: 'call' } },
      Schedule: {
        StartTime: '2026-02-13T10:00:00Z',
        Frequency: 'DAILY',
        IsLocalTime: true,
      },
    });
    expect(error.code).toBe('NotImplemented');
    expect(paths(error)).toEqual([
      'AdditionalTreatments',
      'HoldoutPercent',
      'Hook',
      'Schedule.Frequency',
      'Schedule.IsLocalTime',
      'MessageConfiguration.InAppMessage',
      'TemplateConfiguration.VoiceTemplate',
    ]);
  });

  describe('a custom channel', () => {
    const CustomDeliveryConfiguration = { DeliveryUri: 'my-function', EndpointTypes: ['CUSTOM' as const] };
    const custom = (request: object) => ({ ...good, MessageConfiguration: undefined, ...request });

    test('is enough for a campaign, with data or without', () => {
      for (const MessageConfiguration of [undefined, { CustomMessage: { Data: 'tips' } }])
        expect(
          parseCampaign(custom({ CustomDeliveryConfiguration, MessageConfiguration })).document,
        ).toMatchObject({ CustomDeliveryConfiguration });
    });

    test('is checked as that of a journey', () => {
      const error = refusal(
        custom({
          CustomDeliveryConfiguration: { DeliveryUri: 'ftp://example.com' },
          MessageConfiguration: { CustomMessage: { Data: 'x'.repeat(5001) } },
        }),
      );
      expect(paths(error)).toEqual([
        'CustomDeliveryConfiguration.DeliveryUri',
        'MessageConfiguration.CustomMessage.Data',
      ]);
      const http = { DeliveryUri: 'http://10.0.0.1/', EndpointTypes: ['EMAIL' as const] };
      const { warnings } = parseCampaign({ ...good, CustomDeliveryConfiguration: http });
      expect(warnings.join()).toContain('not https');
      expect(warnings.join()).toContain('EMAIL: these endpoints');
    });

    test('has to be named where there is a message for it', () => {
      const error = refusal(custom({ MessageConfiguration: { CustomMessage: { Data: 'tips' } } }));
      expect(paths(error)).toContain('MessageConfiguration.CustomMessage');
    });
  });

  test('a quiet time is kept, and needs both ends in HH:MM', () => {
    const withQuiet = (QuietTime: object) => ({ ...good, Schedule: { StartTime: 'IMMEDIATE', QuietTime } });
    const QuietTime = { Start: '22:00', End: '07:00' };
    expect(parseCampaign(withQuiet(QuietTime)).document.Schedule).toMatchObject({ QuietTime });
    const error = refusal(withQuiet({ Start: '10 pm' }));
    expect(paths(error)).toEqual(['Schedule.QuietTime.Start', 'Schedule.QuietTime.End']);
  });

  test('400 rather than 501 when something else is wrong too, and both are named', () => {
    const error = refusal({ ...good, HoldoutPercent: 5, Limits: { Daily: 1000 } });
    expect(error.code).toBe('BadRequest');
    expect(paths(error)).toEqual(['Limits.Daily', 'HoldoutPercent']);
  });

  test('what the console writes for features that are off is accepted', () => {
    const Schedule = { StartTime: 'IMMEDIATE', IsLocalTime: false, Timezone: 'utc', QuietTime: {} };
    const request = { ...good, AdditionalTreatments: [], HoldoutPercent: 0, Hook: {}, Schedule };
    expect(parseCampaign(request).warnings).toEqual([]);
  });

  test('a zone outside Pinpoint’s list and a start without offset are accepted with a warning', () => {
    const Schedule = { StartTime: '2026-02-13T10:00:00', Timezone: 'America/Los_Angeles' };
    expect(parseCampaign({ ...good, Schedule }).warnings).toEqual([
      'Schedule.Timezone: "America/Los_Angeles" is not one of Pinpoint\'s UTC offsets; StartTime holds as written',
      'Schedule.StartTime: "2026-02-13T10:00:00" names no offset and is read as UTC',
    ]);
  });

  test('without a schedule it is a draft, which may be incomplete', () => {
    const { document, warnings } = parseCampaign({ SegmentId: 'segment' });
    expect(document).toEqual({ IsPaused: false });
    expect(warnings).toEqual([
      'Schedule: absent, so the campaign is stored and sends nothing until it is updated with one',
    ]);
  });
});

test('a start that is past is told, one to come and IMMEDIATE are not', () => {
  const { document } = parseCampaign(good);
  expect(pastStartWarning(document, new Date('2026-02-13T10:00:01Z'))).toMatch(/is past/);
  expect(pastStartWarning(document, new Date('2026-02-13T09:59:59Z'))).toBeUndefined();
  const immediate = parseCampaign({ ...good, Schedule: { StartTime: 'IMMEDIATE' } }).document;
  expect(pastStartWarning(immediate, new Date())).toBeUndefined();
});
