import { expect, it } from 'vitest';
import { parseDeliveryUri } from '../../../src/domain/journey/deliveryUri.ts';

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:hook';

it.each([
  ['https://example.com/hook?a=b', { kind: 'webhook', isEncrypted: true }],
  ['HTTPS://example.com', { kind: 'webhook', isEncrypted: true }],
  ['http://10.0.0.1:8080/', { kind: 'webhook', isEncrypted: false }],
  ['hook', { kind: 'lambda', functionName: 'hook' }],
  ['hook:live', { kind: 'lambda', functionName: 'hook:live' }],
  ['123456789012:function:hook', { kind: 'lambda' }],
  [arn, { kind: 'lambda', functionName: arn, region: 'eu-west-1' }],
  [`${arn}:$LATEST`, { kind: 'lambda', region: 'eu-west-1' }],
  ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:hook:7', { region: 'us-gov-west-1' }],
])('reads %s', (text, expected) => {
  expect(parseDeliveryUri(text)).toMatchObject(expected);
});

it.each([
  'https://',
  'ftp://example.com',
  'file:///etc/passwd',
  'example.com/hook',
  'arn:aws:sns:eu-west-1:123456789012:topic',
  'a b',
])('says what is wrong with %s', (text) => {
  expect(parseDeliveryUri(text)).toEqual({
    problem: `"${text}" is neither an https:// URL nor the name or ARN of a Lambda function`,
  });
});

it('takes no more than 2000 characters', () => {
  expect(parseDeliveryUri(`https://example.com/${'x'.repeat(2000)}`)).toEqual({
    problem: 'longer than 2000 characters',
  });
});
