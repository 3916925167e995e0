import { expect, it } from 'vitest';
import { snsTextToSign } from '../../src/domain/snsEnvelope.ts';

const common = {
  MessageId: '4d4dc071-ddbf-465d-bba8-08f81c89da64',
  TopicArn: 'arn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P',
  Timestamp: '2019-01-31T04:37:04.321Z',
  SignatureVersion: '1',
  SigningCertURL: 'https://sns.us-east-2.amazonaws.com/SimpleNotificationService-1.pem',
} as const;

it("signs a notification's members in the order and form of SNS's developer guide", () => {
  const text = [
    'Message',
    'My Test Message',
    'MessageId',
    '4d4dc071-ddbf-465d-bba8-08f81c89da64',
    'Subject',
    'My subject',
    'Timestamp',
    '2019-01-31T04:37:04.321Z',
    'TopicArn',
    'arn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P',
    'Type',
    'Notification',
    '',
  ].join('\n');
  const notification = { ...common, Type: 'Notification', Message: 'My Test Message' } as const;
  expect(snsTextToSign({ ...notification, Subject: 'My subject' })).toBe(text);
  expect(snsTextToSign(notification)).toBe(text.replace('Subject\nMy subject\n', ''));
});

it("signs a confirmation's token and address", () => {
  const names = snsTextToSign({
    ...common,
    Type: 'SubscriptionConfirmation',
    Message: 'm',
    SubscribeURL: 'https://sns.us-east-2.amazonaws.com/?Action=ConfirmSubscription',
    Token: 't',
  })
    .split('\n')
    .filter((_, index) => index % 2 === 0);
  expect(names).toEqual([
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
    '',
  ]);
});
