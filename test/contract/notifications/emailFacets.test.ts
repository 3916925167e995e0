import { expect, it } from 'vitest';
import { emailFacets } from '../../../src/contract/notifications/emailFacets.ts';

const mail = {
  timestamp: '2019-08-01T00:17:01.380Z',
  messageId: 'ses-1',
  source: 'Shop <shop@example.com>',
  destination: ['ann@example.com'],
  headersTruncated: false,
  headers: [{ name: 'Subject', value: 'Hello' }],
  commonHeaders: { from: ['Shop <shop@example.com>'], to: ['ann@example.com'], subject: 'Hello' },
  tags: { 'repoint-app': ['app1'] },
};
const at = '2019-08-01T01:00:00.000Z';

const mailFacet = {
  message_id: 'ses-1',
  message_send_timestamp: 1564618621380,
  from_address: 'Shop <shop@example.com>',
  destination: ['ann@example.com'],
  headers_truncated: false,
  headers: [{ name: 'Subject', value: 'Hello' }],
  common_headers: { from: 'Shop <shop@example.com>', to: ['ann@example.com'], subject: 'Hello' },
};

it.each([
  [{ eventType: 'Send', send: {} }, { send: {} }],
  [
    {
      eventType: 'Delivery',
      delivery: {
        timestamp: at,
        processingTimeMillis: 1310,
        recipients: ['ann@example.com'],
        smtpResponse: '250 ok',
        reportingMTA: 'a8-53.smtp-out.amazonses.com',
      },
    },
    {
      delivery: {
        smtp_response: '250 ok',
        reporting_mta: 'a8-53.smtp-out.amazonses.com',
        recipients: ['ann@example.com'],
        processing_time_millis: 1310,
      },
    },
  ],
  [
    {
      eventType: 'Click',
      click: {
        timestamp: at,
        ipAddress: '10.0.0.1',
        userAgent: 'Browser',
        link: 'https://a.example/?aB=1',
        linkTags: { theirOwn: ['x'] },
      },
    },
    { click: { ip_address: '10.0.0.1', user_agent: 'Browser', link: 'https://a.example/?aB=1' } },
  ],
  [
    {
      eventType: 'Bounce',
      bounce: {
        timestamp: at,
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [{ emailAddress: 'ann@example.com', diagnosticCode: 'smtp; 550' }],
      },
    },
    {
      bounce: {
        bounce_type: 'Permanent',
        bounce_sub_type: 'General',
        bounced_recipients: [{ email_address: 'ann@example.com', diagnostic_code: 'smtp; 550' }],
      },
    },
  ],
])('makes Pinpoint’s facets of %j', (event, part) => {
  expect(emailFacets({ mail, ...event })).toEqual({
    email_channel: { mail_event: { mail: mailFacet, ...part } },
  });
});

it('makes none of what is no event of SES, and leaves empty what SES left out', () => {
  expect(emailFacets({ eventType: 'Send' })).toBeUndefined();
  const bare = { timestamp: mail.timestamp, messageId: 'ses-1' };
  expect(emailFacets({ eventType: 'Open', mail: bare })).toEqual({
    email_channel: {
      mail_event: {
        mail: {
          ...mailFacet,
          from_address: '',
          destination: [],
          headers: [],
          common_headers: { from: '', to: [], subject: '' },
        },
        open: {},
      },
    },
  });
});
