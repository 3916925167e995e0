import {
  DeleteJourneyCommand,
  GetJourneyCommand,
  type JourneyResponse,
  ListJourneysCommand,
  UpdateJourneyStateCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { json } from '../../../src/db/database.ts';
import { newTimeId } from '../../../src/db/ids.ts';
import { useWrittenJourneys } from '../../support/writtenJourneys.ts';

const { api, appId, create, database, outboxOf } = useWrittenJourneys();

async function setState(journey: JourneyResponse, state: 'ACTIVE' | 'PAUSED' | 'CANCELLED' | 'CLOSED') {
  const answer = await api.client.send(
    new UpdateJourneyStateCommand({
      ApplicationId: appId(),
      JourneyId: journey.Id,
      JourneyStateRequest: { State: state },
    }),
  );
  return answer.JourneyResponse?.State;
}

async function enter(journey: JourneyResponse, endpointId: string, parkedEpoch: number | null) {
  const id = newTimeId(new Date());
  await database.db
    .insertInto('journey_entry')
    .values({
      app_id: appId(),
      id,
      journey_id: journey.Id ?? '',
      endpoint_id: endpointId,
      participant: `e:${endpointId}`,
      cause: 'match:1',
      entered_at: new Date(),
      parked_epoch: parkedEpoch,
    })
    .execute();
  return id;
}

describe('UpdateJourneyState', () => {
  it('200 pauses and resumes: the pause is kept, who was parked is woken once', async () => {
    const journey = await create();
    const parked = await enter(journey, 'parked', 0);
    await enter(journey, 'waiting', null);
    expect(await setState(journey, 'PAUSED')).toBe('PAUSED');
    expect(await setState(journey, 'ACTIVE')).toBe('ACTIVE');
    const pauses = await database.db
      .selectFrom('journey_pause')
      .selectAll()
      .where('journey_id', '=', journey.Id ?? '')
      .execute();
    expect(pauses).toHaveLength(1);
    expect(pauses[0]?.resumed_at?.getTime()).toBeGreaterThanOrEqual(pauses[0]?.paused_at.getTime() ?? 0);
    const rows = (await outboxOf(journey)).slice(1);
    expect(
      rows.map(({ kind, workflow_id, entry_id, payload }) => [kind, workflow_id, entry_id, payload]),
    ).toEqual([
      ['signal', `journey-life/${journey.Id}`, null, { signal: 'journeyChanged' }],
      ['wake', `journey/${journey.Id}/parked/${parked}`, parked, {}],
    ]);
    const { epoch } = await database.db
      .selectFrom('journey')
      .select('epoch')
      .where('id', '=', journey.Id ?? '')
      .executeTakeFirstOrThrow();
    expect(epoch).toBe(1);
  });

  it('200 for the state it is in already, changing nothing', async () => {
    const journey = await create();
    expect(await setState(journey, 'ACTIVE')).toBe('ACTIVE');
    expect(await outboxOf(journey)).toHaveLength(1);
  });

  it('200 cancels, ends the parked and the life, and a cancelled journey stays so', async () => {
    const journey = await create();
    await setState(journey, 'PAUSED');
    const parked = await enter(journey, 'parked', 0);
    expect(await setState(journey, 'CANCELLED')).toBe('CANCELLED');
    const rows = (await outboxOf(journey)).slice(1);
    expect(rows.map((row) => [row.kind, row.entry_id, row.payload])).toEqual([
      ['signal', null, { signal: 'journeyChanged' }],
      ['wake', parked, {}],
    ]);
    await expect(setState(journey, 'ACTIVE')).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  it('200 of a cancel comes only when no call to a provider is on its way', async () => {
    const journey = await create();
    const entry = await enter(journey, 'sending', null);
    const claim = { app_id: appId(), owner: entry, seq: 1, step: 'WelcomeEmail', recipient: 'sending' };
    await database.db
      .insertInto('message')
      .values({
        ...claim,
        owner_kind: 'entry',
        channel: 'EMAIL',
        channel_type: 'EMAIL',
        address: 'someone@example.com',
        class: 'marketing',
        journey_id: journey.Id ?? '',
        state: 'claimed',
        attempt: 1,
        claimed_at: new Date(),
        rendered: json({}),
        created_at: new Date(),
      })
      .execute();
    let answered = false;
    const cancelled = setState(journey, 'CANCELLED').then(() => {
      answered = true;
    });
    await expect.poll(() => stateOf(journey)).toBe('CANCELLED');
    expect(answered).toBe(false);
    await database.db.updateTable('message').set({ state: 'sent' }).where('owner', '=', entry).execute();
    await cancelled;
    expect(answered).toBe(true);
  });

  it.each([
    ['PAUSED', 'a journey that is DRAFT cannot become PAUSED'],
    ['ACTIVE', 'publish a draft by UpdateJourney'],
    ['CANCELLED', 'only one that is ACTIVE or PAUSED or CLOSED can'],
    ['CLOSED', 'CLOSED cannot be asked for'],
  ] as const)('400 for a draft that is to become %s', async (state, message) => {
    const journey = await create({ State: 'DRAFT' });
    await expect(setState(journey, state)).rejects.toThrow(message);
  });

  it('404 for a journey that does not exist', async () => {
    await expect(setState({ ApplicationId: appId(), Id: 'none', Name: '' }, 'PAUSED')).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  async function stateOf(journey: JourneyResponse) {
    const got = await api.client.send(
      new GetJourneyCommand({ ApplicationId: appId(), JourneyId: journey.Id }),
    );
    return got.JourneyResponse?.State;
  }
});

describe('DeleteJourney', () => {
  const remove = async (journey: JourneyResponse) => {
    const deleted = await api.client.send(
      new DeleteJourneyCommand({ ApplicationId: appId(), JourneyId: journey.Id }),
    );
    return deleted.JourneyResponse?.State;
  };
  const rowOf = (journey: JourneyResponse) =>
    database.db
      .selectFrom('journey')
      .select(['state'])
      .where('id', '=', journey.Id ?? '')
      .executeTakeFirst();

  it('200 cancels a running journey and shows it no more; what it did is kept', async () => {
    const journey = await create();
    expect(await remove(journey)).toBe('CANCELLED');
    await expect(remove(journey)).rejects.toMatchObject({ name: 'NotFoundException' });
    const listed = await api.client.send(
      new ListJourneysCommand({ ApplicationId: appId(), PageSize: '500' }),
    );
    expect(listed.JourneysResponse?.Item?.map((each) => each.Id)).not.toContain(journey.Id);
    expect(await rowOf(journey)).toEqual({ state: 'CANCELLED' });
    expect((await outboxOf(journey)).map((row) => row.kind)).toEqual(['start', 'signal']);
  });

  it('200 leaves nothing of a draft', async () => {
    const journey = await create({ State: 'DRAFT' });
    expect(await remove(journey)).toBe('DRAFT');
    expect(await rowOf(journey)).toBeUndefined();
  });
});
