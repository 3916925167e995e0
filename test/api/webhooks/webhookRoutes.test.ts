import { expect, it } from 'vitest';
import { webhookRoutes } from '../../../src/api/webhooks/webhookRoutes.ts';
import { systemClock } from '../../../src/clock.ts';
import { readConfig } from '../../../src/config.ts';
import { openDatabase } from '../../../src/db/database.ts';
import { RepointError } from '../../../src/domain/errors.ts';
import type { SnsEnvelope } from '../../../src/domain/snsEnvelope.ts';
import { createLog } from '../../../src/log.ts';

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:ses-events';

/** Routes with their log; the database is nowhere, and nothing here comes so far. */
function listening(receive: () => Promise<SnsEnvelope>) {
  const logged: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (line) => void logged.push(JSON.parse(line)) });
  const db = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  const routes = webhookRoutes({ config: readConfig({}), db, clock: systemClock, log }, { receive });
  routes.onError((_, context) => context.text('', 403));
  return { logged, post: () => routes.request('/ses', { method: 'POST', body: '{}' }) };
}

const envelope = (Type: SnsEnvelope['Type'], Message = '') =>
  ({ Type, TopicArn: topicArn, Message, Timestamp: '2026-11-23T10:00:00Z' }) as SnsEnvelope;

it('logs why it refuses, since SNS keeps the answer to itself; once for many', async () => {
  const reason = 'TopicArn: "arn" is not in REPOINT_SNS_TOPIC_ARNS';
  const { logged, post } = listening(() => Promise.reject(new RepointError('Forbidden', reason)));
  await post();
  await post();
  expect(logged).toMatchObject([{ level: 40, reason }]);
});

it('logs what is proved and can not be read', async () => {
  const { logged, post } = listening(async () =>
    envelope('Notification', '{"notificationType":"Bounce","mail":{}}'),
  );
  await post();
  expect(logged).toMatchObject([{ level: 40, reason: expect.stringContaining('configuration set') }]);
});

it('logs that a topic begins and ends to tell', async () => {
  const [begun, ended] = [envelope('SubscriptionConfirmation'), envelope('UnsubscribeConfirmation')];
  const coming = [begun, ended];
  const { logged, post } = listening(async () => coming.shift() ?? begun);
  expect(await (await post()).json()).toEqual({ status: 'confirmed' });
  expect(await (await post()).json()).toEqual({ status: 'ended' });
  expect(logged).toMatchObject([
    { level: 30, topic: topicArn },
    { level: 40, topic: topicArn },
  ]);
});
