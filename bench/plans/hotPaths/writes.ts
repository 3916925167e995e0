import { allTaken, type StreamDoor } from '../../../src/channels/streams/streamDoor.ts';
import { endpointsAtNumber } from '../../../src/db/people/endpointsAt.ts';
import { putEndpoint } from '../../../src/ingest/endpoints/putEndpoint.ts';
import { recordEvents } from '../../../src/ingest/events/recordEvents.ts';
import { recordAddressFate } from '../../../src/sending/addressFate.ts';
import { findReported } from '../../../src/sending/findReported.ts';
import { sendStreams } from '../../../src/streams/sendStreams.ts';
import { endpointId, scene, userId } from '../fill.ts';

import { type HotPath, inTransaction, type Turn } from './ground.ts';

const { appId, journeyId, now } = scene;

const event = (endpoint: string, type: string, turn: Turn) => ({
  endpointId: endpoint,
  eventId: `bench${turn}`,
  type,
  occurredAt: now,
  occurredAtText: now.toISOString(),
  attributes: { journey_id: journeyId, journey_activity_id: 'WelcomeEmail' },
  metrics: {},
  details: {},
});

/** A far end that takes whatever it is sent. */
const takesAll: StreamDoor = {
  limits: { records: 500, bytes: 5_000_000, recordBytes: 1_000_000 },
  isAtomic: true,
  put: async (items) => allTaken(items),
};

/** What clients write, and what is heard of messages and told on. */
export const writes: readonly HotPath[] = [
  {
    name: 'putEndpoint, a new endpoint of a known user',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        putEndpoint(
          tx,
          appId,
          `new${turn}`,
          { channelType: 'EMAIL', address: `new${turn}@example.com`, userId: userId(3 + turn) },
          now,
        ),
      ),
  },
  {
    name: 'putEndpoint, to another user',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        putEndpoint(
          tx,
          appId,
          endpointId(7 + turn),
          { userId: userId(17 + turn), userAttributes: { Plan: ['free'] } },
          now,
        ),
      ),
  },
  {
    name: 'PutEvents, an event of an app',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(tx, appId, [event(endpointId(11), '_email.open', turn)], now),
      ),
  },
  {
    name: "PutEvents, a phone's report",
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(tx, appId, [event(endpointId(12), '_journey.opened_notification', turn)], now),
      ),
  },
  {
    name: "PutEvents, a phone's report that names its push",
    run: ({ deps, sent }, turn) => {
      const report = event(sent[turn].endpoint_id, '_journey.opened_notification', turn);
      const attributes = { repoint_message: `${sent[turn].id}-1-1` };
      return inTransaction(deps).execute((tx) => recordEvents(tx, appId, [{ ...report, attributes }], now));
    },
  },
  {
    name: 'what a push service says of a token',
    run: ({ deps }, turn) => {
      const of = { endpointId: endpointId(15 + turn), address: `person${15 + turn}@example.com` };
      return inTransaction(deps).execute((tx) =>
        recordAddressFate(tx, appId, of, { status: 'INACTIVE' }, now),
      );
    },
  },
  {
    name: 'a turn of an event stream',
    mostRows: 3_000,
    run: ({ deps }) => sendStreams({ ...deps, openStream: () => takesAll }),
  },
  {
    name: "a provider's event of a message",
    run: ({ deps, sent }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(
          tx,
          appId,
          [
            {
              ...event(sent[turn].endpoint_id, '_email.open', turn),
              message: { owner: sent[turn].id, seq: 1 },
            },
          ],
          now,
        ),
      ),
  },
  {
    name: "the message of an event by the provider's id",
    run: ({ deps }, turn) => findReported(deps.db, { providerMessageId: `sms-${turn}` }),
  },
  {
    name: 'whose number sent STOP',
    run: ({ deps }, turn) => endpointsAtNumber(deps.db, `+1555010${turn}`),
  },
  {
    name: 'PutEvents, an event that starts a journey',
    run: ({ deps }, turn) =>
      inTransaction(deps).execute((tx) =>
        recordEvents(tx, appId, [event(endpointId(21 + turn), 'basket.left', turn)], now),
      ),
  },
];
