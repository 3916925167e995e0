import { describe, expect, it } from 'vitest';
import { emailRequest } from '../../src/channels/ses.ts';
import { anEmail } from '../support/outgoing.ts';

const own = '111122223333';
const request = (change: Parameters<typeof anEmail>[0] = {}) => emailRequest(anEmail(change), own);

describe('the request of an e-mail', () => {
  it('has who sends, who gets it, where answers and bounces go, and the configuration set', () => {
    const sent = request({
      from: 'Shop <shop@example.com>',
      replyTo: ['help@example.com', 'desk@example.com'],
      feedbackForwardingAddress: 'bounces@example.com',
      configurationSet: 'set1',
    });
    expect(sent).toMatchObject({
      FromEmailAddress: 'Shop <shop@example.com>',
      Destination: { ToAddresses: ['ann@example.com'] },
      ReplyToAddresses: ['help@example.com', 'desk@example.com'],
      FeedbackForwardingEmailAddress: 'bounces@example.com',
      ConfigurationSetName: 'set1',
    });
  });

  it('is ASCII in addresses and headers, as SES demands', () => {
    const headers = [{ Name: 'X-Name', Value: 'Zoë' }];
    const content = { kind: 'simple', subject: 'Hi', text: 'Hi', headers } as const;
    expect(request({ from: 'Café <a@bücher.example>', to: 'zoe@bücher.example', content })).toMatchObject({
      FromEmailAddress: '=?UTF-8?B?Q2Fmw6k=?= <a@xn--bcher-kva.example>',
      Destination: { ToAddresses: ['zoe@xn--bcher-kva.example'] },
      Content: { Simple: { Headers: [{ Name: 'X-Name', Value: '=?UTF-8?B?Wm/Dqw==?=' }] } },
    });
  });

  it('has no part that is empty: mail programs would show it', () => {
    const content = { kind: 'simple', subject: 'Hi', html: '', text: 'Hi' } as const;
    expect(request({ content }).Content?.Simple?.Body).toEqual({ Text: { Data: 'Hi', Charset: 'UTF-8' } });
  });

  it('leaves out what nobody said, so that the account’s own settings hold', () => {
    expect(Object.keys(request({ replyTo: [] })).sort()).toEqual(
      ['Content', 'Destination', 'EmailTags', 'FromEmailAddress'].sort(),
    );
  });

  it('has the headers of a template, and the parts that there are', () => {
    const headers = [{ Name: 'X-Campaign', Value: 'spring' }];
    const { Content } = request({ content: { kind: 'simple', subject: 'Hi', html: '<p>Hi</p>', headers } });
    expect(Content).toEqual({
      Simple: {
        Subject: { Data: 'Hi', Charset: 'UTF-8' },
        Body: { Html: { Data: '<p>Hi</p>', Charset: 'UTF-8' } },
        Headers: headers,
      },
    });
  });

  it('is a raw message byte for byte, with our tags beside it', () => {
    const data = Buffer.from('From: a@example.com\r\n\r\n\u00e4', 'latin1');
    const sent = request({ content: { kind: 'raw', data } });
    expect(sent.Content).toEqual({ Raw: { Data: data } });
    expect(sent.EmailTags).toContainEqual({ Name: 'repoint-message', Value: anEmail().messageId });
  });
});

describe('an identity of another account', () => {
  const identity = (account: string, name = 'example.com') =>
    `arn:aws:ses:us-east-1:${account}:identity/${name}`;
  const arnOf = (given: string, from = 'Shop <shop@example.com>') =>
    request({ identity: given, from }).FromEmailAddressIdentityArn;

  it.each([
    ['a domain', identity('999900001111'), 'shop@example.com'],
    ['a domain above', identity('999900001111'), 'Shop <shop@mail.Example.com>'],
    ['the address', identity('999900001111', 'shop@example.com'), 'Shop@example.com'],
  ])('is named to SES: %s', (_, given, from) => {
    expect(arnOf(given, from)).toBe(given);
  });

  it.each([
    ['one of the account itself', identity(own), undefined],
    ['one that is not the sender’s', identity('999900001111', 'example.org'), undefined],
    ['a domain that only ends alike', identity('999900001111', 'ample.com'), undefined],
    ['what is no ARN', 'arn', undefined],
  ])('is not made of %s', (_, given, from) => {
    expect(arnOf(given, from)).toBeUndefined();
  });

  it('is not named where nobody said which account sends', () => {
    const sent = emailRequest(anEmail({ identity: identity('999900001111') }), '000000000000');
    expect(sent).not.toHaveProperty('FromEmailAddressIdentityArn');
  });
});
