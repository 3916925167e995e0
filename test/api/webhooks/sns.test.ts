import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSnsReceiver } from '../../../src/api/webhooks/sns.ts';
import { createSigningKey } from '../../../src/channels/mailbox/signingKey.ts';
import { mailboxTopicArn, sealNotification } from '../../../src/channels/mailbox/topic.ts';
import { readConfig } from '../../../src/config.ts';
import { type SnsEnvelope, snsDigests, snsTextToSign } from '../../../src/domain/snsEnvelope.ts';

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:ses-events';
const certificateAt = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-abc123.pem';
const now = new Date('2026-11-23T10:00:00Z');
const key = createSigningKey();

function receiver(settings: Record<string, string> = {}) {
  const fetched: string[] = [];
  const config = readConfig({ REPOINT_SNS_TOPIC_ARNS: `other, ${topicArn}`, ...settings });
  // AWS cannot be reached here: what SNS would serve.
  const { receive } = createSnsReceiver(config, async (url) => {
    fetched.push(url.href);
    return key.certificate;
  });
  return { fetched, receive };
}

function seal(change: Partial<SnsEnvelope> = {}, by = key): string {
  const unsigned = {
    Type: 'Notification',
    MessageId: 'm1',
    TopicArn: topicArn,
    Message: '{"eventType":"Send"}',
    Timestamp: now.toISOString(),
    SignatureVersion: '2',
    SigningCertURL: certificateAt,
    ...change,
  } as const;
  const text = Buffer.from(snsTextToSign(unsigned));
  const signature = sign(snsDigests[unsigned.SignatureVersion], text, by.privateKey);
  return JSON.stringify({ ...unsigned, Signature: signature.toString('base64') });
}

const forged = (change: object) => JSON.stringify({ ...JSON.parse(seal()), ...change });

describe('a notification of an allowed topic', () => {
  it.each(['1', '2'] as const)('is taken with SignatureVersion %s', async (SignatureVersion) => {
    const Message = '{"eventType":"Send"}';
    expect(await receiver().receive(seal({ SignatureVersion }), now)).toMatchObject({ Message });
    const titled = seal({ SignatureVersion, Subject: 'Hello' });
    expect(await receiver().receive(titled, now)).toMatchObject({ Message });
  });

  it.each([
    'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-abc123.pem',
    'https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-abc123.pem',
    'https://sns.eusc-de-east-1.amazonaws.eu/SimpleNotificationService-abc123.pem',
  ])('is proved by the certificate of its partition, %s', async (SigningCertURL) => {
    expect(await receiver().receive(seal({ SigningCertURL }), now)).toMatchObject({ SigningCertURL });
  });

  it('has its certificate fetched once', async () => {
    const { fetched, receive } = receiver();
    await receive(seal(), now);
    await receive(seal({ MessageId: 'm2' }), now);
    expect(fetched).toEqual([certificateAt]);
  });

  it.each([
    ['Message', { Message: '{}' }],
    ['Timestamp', { Timestamp: '2026-11-23T10:00:01.000Z' }],
    ['MessageId', { MessageId: 'm2' }],
    ['Subject', { Subject: 'added' }],
    ['SignatureVersion', { SignatureVersion: '1' }],
    ['Signature', { Signature: Buffer.from('nonsense').toString('base64') }],
  ])('is refused when its %s was changed', async (_, change) => {
    await expect(receiver().receive(forged(change), now)).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('Signature'),
    });
  });

  it('is refused when another key signed it', async () => {
    const other = createSigningKey();
    await expect(receiver().receive(seal({}, other), now)).rejects.toMatchObject({ code: 'Forbidden' });
  });

  it.each([
    ['an hour and a half old', '2026-11-23T08:30:00.000Z'],
    ['from the future', '2026-11-23T10:06:00.000Z'],
  ])('is refused when it is %s', async (_, Timestamp) => {
    await expect(receiver().receive(seal({ Timestamp }), now)).rejects.toThrow(/Timestamp/);
  });
});

describe('what is refused before anything is fetched', () => {
  it('is a topic that is not in REPOINT_SNS_TOPIC_ARNS', async () => {
    const { fetched, receive } = receiver();
    await expect(receive(seal({ TopicArn: `${topicArn}2` }), now)).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('REPOINT_SNS_TOPIC_ARNS'),
    });
    expect(fetched).toEqual([]);
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-abc123.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-abc123.pem',
    'https://sns.eu-west-1.amazonaws.eu.evil.example/SimpleNotificationService-abc123.pem',
    'https://evil.example/SimpleNotificationService-abc123.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-abc123.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-abc123.pem',
    'https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-abc123.pem',
    'https://sns.eu-west-1.amazonaws.com/?Action=GetAttributes&x=SimpleNotificationService-abc123.pem',
    'http://127.0.0.1:7101/sns.pem',
  ])('is the certificate address %s', async (SigningCertURL) => {
    const { fetched, receive } = receiver({ REPOINT_DELIVERY: 'mailbox' });
    await expect(receive(seal({ SigningCertURL }), now)).rejects.toThrow(/SigningCertURL/);
    expect(fetched).toEqual([]);
  });

  it('is what is no envelope, with every member that is wrong', async () => {
    await expect(receiver().receive('not json', now)).rejects.toMatchObject({ code: 'BadRequest' });
    const half = JSON.stringify({ Type: 'Notification', Message: 'm', SignatureVersion: '3' });
    await expect(receiver().receive(half, now)).rejects.toMatchObject({
      code: 'BadRequest',
      problems: expect.arrayContaining([
        expect.objectContaining({ path: expect.stringContaining('Signature') }),
        expect.objectContaining({ path: expect.stringContaining('TopicArn') }),
      ]),
    });
  });
});

describe("the mailbox's topic", () => {
  const mine = () => JSON.stringify(sealNotification({ eventType: 'Send' }, key, 'http://anywhere.example'));

  it("is taken with the certificate at the mailbox's configured address, whatever the envelope names", async () => {
    const { fetched, receive } = receiver({ REPOINT_DELIVERY: 'mailbox', REPOINT_MAILBOX_PORT: '7999' });
    expect(await receive(mine(), new Date())).toMatchObject({ Message: '{"eventType":"Send"}' });
    expect(fetched).toEqual(['http://127.0.0.1:7999/sns.pem']);
  });

  it('is refused when delivery is live, even when somebody allows its ARN', async () => {
    const live = receiver({ REPOINT_SNS_TOPIC_ARNS: mailboxTopicArn });
    await expect(live.receive(mine(), new Date())).rejects.toThrow(/SigningCertURL/);
    expect(live.fetched).toEqual([]);
  });
});

describe('a subscription', () => {
  const confirmUrl = (host: string, topic = topicArn) =>
    `https://${host}/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(topic)}&Token=t`;
  const confirmation = (SubscribeURL: string) =>
    seal({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL });

  it('of an allowed topic is confirmed at SNS', async () => {
    const { fetched, receive } = receiver();
    const url = confirmUrl('sns.eu-west-1.amazonaws.com');
    expect(await receive(confirmation(url), now)).toMatchObject({ Type: 'SubscriptionConfirmation' });
    expect(fetched).toEqual([certificateAt, url]);
  });

  it.each([
    confirmUrl('evil.example'),
    confirmUrl('sns.eu-west-1.amazonaws.com', 'arn:aws:sns:eu-west-1:1:other'),
    'https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic',
  ])('is not confirmed at %s', async (url) => {
    const { fetched, receive } = receiver();
    await expect(receive(confirmation(url), now)).rejects.toThrow(/SubscribeURL/);
    expect(fetched).toEqual([certificateAt]);
  });
});
