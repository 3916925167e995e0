// A shop's backend that engages its customers: it publishes its journey when it starts, puts an endpoint when somebody
// signs up, and records an event when somebody orders. Who orders within four days is not reminded.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createRepointClient, RepointError } from 'repoint/client';

const { DATABASE_URL = '', APPLICATION_ID = '', SEGMENT_ID = '', PORT = '0' } = process.env;
const repoint = createRepointClient({ databaseUrl: DATABASE_URL, settings: process.env });

const journey = {
  ...JSON.parse(await readFile(new URL('./onboarding.json', import.meta.url), 'utf8')),
  StartCondition: { SegmentStartCondition: { SegmentId: SEGMENT_ID } },
};
const { plan } = repoint.compileJourney(journey);
// The key makes it one publication however often the service starts; a new version of the journey gets a new key
const published = await repoint.publishJourney(APPLICATION_ID, journey, { key: 'onboarding-1' });
for (const warning of published.warnings) console.warn(warning);
console.log(`Journey ${published.journeyId} is ${published.state}: ${Object.keys(plan.steps).length} steps`);

const routes: Record<string, (body: Record<string, string>) => Promise<void>> = {
  'POST /signups': ({ customer = '', email = '' }) =>
    repoint.putEndpoint(APPLICATION_ID, `${customer}-email`, {
      ChannelType: 'EMAIL',
      Address: email,
      User: { UserId: customer, UserAttributes: { Plan: ['premium'] } },
    }),
  // An event is recorded once by its key and time: a request that is sent again changes nothing
  'POST /orders': ({ customer = '', order = '', at = '' }) =>
    repoint.recordEvent(
      APPLICATION_ID,
      `${customer}-email`,
      { EventType: 'order_placed', Timestamp: at, Attributes: { order } },
      { key: order },
    ),
};

const server = createServer(async (request, response) => {
  try {
    const route = routes[`${request.method} ${request.url}`];
    if (route === undefined) return void response.writeHead(404).end();
    await route((await json(request)) as Record<string, string>);
    response.writeHead(204).end();
  } catch (error) {
    const isTheirs = error instanceof RepointError && error.code === 'BadRequest';
    response.writeHead(isTheirs ? 400 : 500).end(isTheirs ? error.message : undefined);
  }
});

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  server.close();
  void repoint.close();
});
