import { describe, expect, test } from 'vitest';
import { inlineMessage } from '../../../src/api/messages/inlineMessage.ts';

describe('the default message', () => {
  const configuration = { DefaultMessage: { Body: 'Hi {{n}}', Substitutions: { n: ['all'] } } };

  test.each([
    ['EMAIL', { type: 'EMAIL', TextPart: 'Hi {{n}}' }],
    ['SMS', { type: 'SMS', Body: 'Hi {{n}}' }],
    ['VOICE', { type: 'VOICE', Body: 'Hi {{n}}' }],
    ['APNS', { type: 'PUSH', Default: { Body: 'Hi {{n}}' } }],
  ])('serves %s', (channelType, content) => {
    expect(inlineMessage(configuration, channelType)).toMatchObject({
      content,
      substitutions: { n: ['all'] },
    });
  });

  test('serves no channel that is not sent', () => {
    expect(inlineMessage(configuration, 'IN_APP')).toBeUndefined();
  });
});

test('a platform’s message wins member by member, and what only it knows is passed on', () => {
  const configuration = {
    DefaultPushNotificationMessage: { Title: 'D', Body: 'B', Data: { a: '1', b: '1' } },
    APNSMessage: { Title: 'A', Badge: 3, CollapseId: 'c', Data: { b: '2' }, Substitutions: { x: ['y'] } },
  };
  expect(inlineMessage(configuration, 'APNS_SANDBOX')).toMatchObject({
    content: { type: 'PUSH', Default: { Title: 'A', Body: 'B' } },
    data: { a: '1', b: '2' },
    platform: { Badge: 3, CollapseId: 'c' },
    substitutions: { x: ['y'] },
  });
  expect(inlineMessage(configuration, 'GCM')).toMatchObject({
    content: { Default: { Title: 'D' } },
    platform: {},
  });
});

test('a message for one channel is none for another', () => {
  expect(inlineMessage({ SMSMessage: { Body: 'x' } }, 'EMAIL')).toBeUndefined();
  expect(inlineMessage({ GCMMessage: { Body: 'x' } }, 'APNS')).toBeUndefined();
});

test('an empty RawEmail, as in a skeleton of the AWS CLI, leaves the simple e-mail', () => {
  const EmailMessage = { RawEmail: { Data: new Uint8Array() }, SimpleEmail: { TextPart: { Data: 'x' } } };
  const message = inlineMessage({ EmailMessage }, 'EMAIL');
  expect([message?.rawBase64, message?.content]).toEqual([undefined, { type: 'EMAIL', TextPart: 'x' }]);
});
