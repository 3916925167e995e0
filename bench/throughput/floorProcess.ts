import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createSesClient } from '../../src/channels/clients.ts';
import { readTemporalSettings } from '../../src/client/connectTemporal.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { openTemporal } from '../../src/openTemporal.ts';
import { workerSettings } from '../../src/runWorker.ts';
import { quietRuntime } from '../../src/testing/quietRuntime.ts';

/** As many starts at once as the relay of the outbox has. */
const startsAtOnce = 100;

// The floor, as a worker of its own: says "floor is up", and for each number on its standard input starts so many
// workflows, says "sent" when each has had its message sent.
quietRuntime();
const config = readConfig(process.env);
const temporal = await openTemporal(readTemporalSettings(process.env));
let sent = 0;
const worker = await Worker.create({
  ...workerSettings(config),
  connection: temporal.native,
  namespace: temporal.namespace,
  workflowsPath: fileURLToPath(new URL('./floorWorkflow.ts', import.meta.url)),
  activities: { send: sender(config) },
});
const running = worker.run();
console.log('floor is up');
for await (const line of createInterface({ input: process.stdin })) {
  sent = 0;
  await startAll(temporal.client, Number(line));
  while (sent < Number(line)) await new Promise((resolve) => setTimeout(resolve, 5));
  console.log('sent');
}
worker.shutdown();
await running;
await temporal.close();

function sender(settings: Config) {
  const ses = createSesClient(settings);
  return async (to: string) => {
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: 'floor@example.com',
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: 'Welcome' }, Body: { Text: { Data: 'Welcome' } } } },
      }),
    );
    sent += 1;
  };
}

async function startAll(client: Client, count: number): Promise<void> {
  const batch = `floor/${Date.now()}`;
  let next = 0;
  const lane = async () => {
    for (let one = next++; one < count; one = next++) {
      const to = `person${one}@example.com`;
      await client.workflow.start('floor', {
        taskQueue: config.REPOINT_TASK_QUEUE,
        workflowId: `${batch}/${one}`,
        args: [to],
      });
    }
  };
  await Promise.all(Array.from({ length: startsAtOnce }, lane));
}
