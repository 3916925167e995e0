import { expect, it } from 'vitest';
import { createSqsClient } from '../../src/channels/clients.ts';
import { readConfig } from '../../src/config.ts';

it.each([
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/events', 'eu-west-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/events', 'cn-north-1'],
  ['https://sqs.eusc-de-east-1.amazonaws.eu/123456789012/events', 'eusc-de-east-1'],
  ['https://eu-central-1.queue.amazonaws.com/123456789012/events', 'eu-central-1'],
  ['http://127.0.0.1:9324/000000000000/events', 'ap-south-1'],
])('signs for the region in which the queue is: %s', async (url, region) => {
  const client = createSqsClient(readConfig({ REPOINT_REGION: 'ap-south-1' }), url);
  expect(await client.config.region()).toBe(region);
});

it('refuses a queue at AWS while delivery is mailbox, naming the setting', () => {
  const config = readConfig({ REPOINT_DELIVERY: 'mailbox' });
  expect(() =>
    createSqsClient(config, 'https://sqs.eusc-de-east-1.amazonaws.eu/123456789012/events'),
  ).toThrow(/AWS/);
  expect(() => createSqsClient(config, 'https://sqs.eu-west-1.amazonaws.com/123456789012/events')).toThrow(
    /REPOINT_FEEDBACK_QUEUES: .* never reaches/,
  );
});
