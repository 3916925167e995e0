import { expect, test } from 'vitest';
import { parseCampaign } from '../../src/contract/campaign/campaign.ts';
import { checkEmailChannel } from '../../src/contract/emailChannel.ts';
import { parseJourney } from '../../src/contract/journey/journey.ts';
import { checkMessageRequest } from '../../src/contract/message.ts';

const send = (EmailMessage: object) =>
  checkMessageRequest({ Addresses: { 'a@example.com': {} }, MessageConfiguration: { EmailMessage } });

const readers: Record<string, (text: string) => unknown> = {
  'of the e-mail channel': (FromAddress) => checkEmailChannel({ FromAddress, Identity: 'arn' }),
  'of a campaign': (FromAddress) =>
    parseCampaign({ SegmentId: 's', MessageConfiguration: { EmailMessage: { FromAddress } } }),
  'of a journey': (FromAddress) =>
    parseJourney({
      Name: 'j',
      Activities: { Mail: { EMAIL: { TemplateName: 't', MessageConfig: { FromAddress } } } },
    }),
  'of a direct message': (FromAddress) => send({ FromAddress }),
  'to answer to': (to) => send({ ReplyToAddresses: ['ok@example.com', to] }),
  'for bounces': (FeedbackForwardingAddress) => send({ FeedbackForwardingAddress }),
};

test.each(Object.keys(readers))('no address %s can begin another header', (which) => {
  for (const lineBreak of ['\r\n', '\n', '\r', '\u2028', '\u0085']) {
    expect(() => readers[which]?.(`Shop${lineBreak}Bcc: all@example.com <shop@example.com>`)).toThrow(
      /must be one line/,
    );
  }
  expect(() => readers[which]?.('Shop “Ä” <shop@example.com>')).not.toThrow();
});
