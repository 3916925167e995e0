import { expect, test } from 'vitest';
import { hasMessageFor, withDelivery } from '../../../src/api/messages/content.ts';

test('a push template keeps its words and takes from the request how it is delivered', () => {
  const template = { type: 'PUSH', Default: { Body: 'T' }, GCM: { Title: 'G' } } as const;
  const inline = { type: 'PUSH', Default: { Body: 'I', SilentPush: true, TimeToLive: 60 } } as const;
  expect(withDelivery(template, inline)).toEqual({
    type: 'PUSH',
    Default: { Body: 'T', SilentPush: true, TimeToLive: 60 },
    GCM: { Title: 'G' },
  });
  expect(withDelivery(template, undefined)).toBe(template);
});

test('a template without a name is none', () => {
  const named = (Name: string) => ({ TemplateConfiguration: { SMSTemplate: { Name, Version: '' } } });
  expect([hasMessageFor(named(''), 'SMS'), hasMessageFor(named('hello'), 'SMS')]).toEqual([false, true]);
});
