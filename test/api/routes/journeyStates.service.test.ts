import {
  CreateJourneyCommand,
  GetJourneyCommand,
  UpdateJourneyCommand,
  UpdateJourneyStateCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JourneyState } from '../../../src/db/journeys/journeys.ts';
import { createApp, useApi } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';

let ApplicationId: string;

const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  ApplicationId = await createApp(api.client);
});

/** A journey that has come to a state. */
async function journeyIn(state: JourneyState): Promise<string> {
  const created = await api.client.send(
    new CreateJourneyCommand({ ApplicationId, WriteJourneyRequest: { Name: state } }),
  );
  const id = created.JourneyResponse?.Id ?? '';
  await database.db
    .updateTable('journey')
    .set({ state, published_at: state === 'DRAFT' ? null : new Date() })
    .where('id', '=', id)
    .execute();
  return id;
}

const ask = (JourneyId: string, State: string) =>
  api.client.send(
    new UpdateJourneyStateCommand({
      ApplicationId,
      JourneyId,
      JourneyStateRequest: { State: State as never },
    }),
  );

async function stateOf(JourneyId: string): Promise<string | undefined> {
  const got = await api.client.send(new GetJourneyCommand({ ApplicationId, JourneyId }));
  return got.JourneyResponse?.State;
}

/** From each state, what UpdateJourneyState makes of each state that can be asked for; null: 400. */
const table: Readonly<
  Record<JourneyState, Readonly<Record<'ACTIVE' | 'PAUSED' | 'CANCELLED', string | null>>>
> = {
  DRAFT: { ACTIVE: null, PAUSED: null, CANCELLED: null },
  ACTIVE: { ACTIVE: 'ACTIVE', PAUSED: 'PAUSED', CANCELLED: 'CANCELLED' },
  PAUSED: { ACTIVE: 'ACTIVE', PAUSED: 'PAUSED', CANCELLED: 'CANCELLED' },
  CLOSED: { ACTIVE: null, PAUSED: null, CANCELLED: 'CANCELLED' },
  COMPLETED: { ACTIVE: null, PAUSED: null, CANCELLED: null },
  CANCELLED: { ACTIVE: null, PAUSED: null, CANCELLED: 'CANCELLED' },
};
const transitions = Object.entries(table).flatMap(([from, row]) =>
  Object.entries(row).map(([to, then]) => ({ from: from as JourneyState, to, then })),
);

describe('UpdateJourneyState', () => {
  it.each(transitions)('from $from to $to: $then', async ({ from, to, then }) => {
    const id = await journeyIn(from);
    if (then !== null) expect((await ask(id, to)).JourneyResponse?.State).toBe(then);
    else {
      const message = expect.stringMatching(`State: a journey that is ${from} cannot become ${to}`);
      await expect(ask(id, to)).rejects.toMatchObject({ name: 'BadRequestException', message });
    }
    expect(await stateOf(id)).toBe(then ?? from);
  });

  it.each(['DRAFT', 'CLOSED', 'COMPLETED', 'RUNNING'])('cannot ask for %s: 400', async (state) => {
    await expect(ask(await journeyIn('ACTIVE'), state)).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });
});

describe('UpdateJourney', () => {
  const states = Object.keys(table) as JourneyState[];

  it.each(states.filter((state) => state !== 'DRAFT'))(
    'changes nothing of a journey that is %s, nor publishes it again: 409',
    async (state) => {
      const JourneyId = await journeyIn(state);
      for (const State of [undefined, 'DRAFT', 'ACTIVE'] as const) {
        const WriteJourneyRequest = {
          Name: 'other',
          State,
          StartCondition: { SegmentStartCondition: { SegmentId: 's' } },
          Activities: { A: { Wait: { WaitTime: { WaitFor: 'PT1H' } } } },
        };
        const command = new UpdateJourneyCommand({ ApplicationId, JourneyId, WriteJourneyRequest });
        await expect(api.client.send(command)).rejects.toMatchObject({ name: 'ConflictException' });
      }
      const got = await api.client.send(new GetJourneyCommand({ ApplicationId, JourneyId }));
      expect(got.JourneyResponse).toMatchObject({ Name: state, State: state });
    },
  );

  it.each(['PAUSED', 'CANCELLED', 'CLOSED', 'COMPLETED'])('cannot make a draft %s: 400', async (State) => {
    const JourneyId = await journeyIn('DRAFT');
    const WriteJourneyRequest = { Name: 'x', State: State as never };
    const command = new UpdateJourneyCommand({ ApplicationId, JourneyId, WriteJourneyRequest });
    await expect(api.client.send(command)).rejects.toMatchObject({ name: 'BadRequestException' });
    expect(await stateOf(JourneyId)).toBe('DRAFT');
  });
});
