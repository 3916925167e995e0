import { describe, expect, it } from 'vitest';
import { createCustomChannel } from '../../../src/channels/custom/createCustomChannel.ts';
import { createLog } from '../../../src/log.ts';
import { useMailbox } from '../../support/mailbox.ts';
import { useWebhook } from '../../support/webhook.ts';

const log = createLog('silent');
const { hook, message } = useWebhook();

describe('with the mailbox', () => {
  const mailbox = useMailbox();

  it.each(['https://example.com/hook', 'arn:aws:lambda:us-east-1:123456789012:function:hook'])(
    'what would go to %s is a message there that shows the payload',
    async (deliveryUri) => {
      await fetch(`${mailbox.url}/messages`, { method: 'DELETE' });
      const result = await createCustomChannel(mailbox.config, log).call([message({ deliveryUri })]);
      expect(result).toMatchObject({ outcome: { kind: 'accepted' }, confirmed: false });
      expect(result.answers.size).toBe(0);
      const [received, ...others] = await mailbox.messages({ channel: 'CUSTOM' });
      expect(others).toEqual([]);
      expect(received).toMatchObject({
        to: 'ann',
        title: deliveryUri,
        journeyId: 'journey1',
        activityId: 'Hook',
        endpointId: 'user123-custom',
        tags: { repoint_message: message().messageId, delivery_uri: deliveryUri },
      });
      expect(JSON.parse(received?.body ?? '')).toMatchObject({ Message: {}, Data: 'hello' });
      const page = await (await fetch(mailbox.url)).text();
      expect(page).toContain('&quot;Data&quot;: &quot;hello&quot;');
      expect(hook.requests).toEqual([]);
    },
  );

  it('answers the attributes it was told to, until it is told otherwise', async () => {
    const custom = createCustomChannel(mailbox.config, log);
    await mailbox.answerCustom(hook.url, { Answer: 'yes' });
    expect((await custom.call([message()])).answers).toEqual(
      new Map([['user123-custom', { Answer: 'yes' }]]),
    );
    await mailbox.answerCustom(hook.url);
    expect((await custom.call([message()])).answers.size).toBe(0);
  });

  it('may fail as its other channels may', async () => {
    mailbox.inject(() => ({ kind: 'status', status: 429, code: 'TooManyRequestsException' }));
    const { outcome } = await createCustomChannel(mailbox.config, log).call([message()]);
    mailbox.inject();
    expect(outcome.kind).toBe('throttled');
  });
});
