import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertApp } from '../../../src/db/apps.ts';
import { endpointsOfUser, findEndpoint } from '../../../src/db/people/endpoints.ts';
import type { EndpointChange } from '../../../src/domain/endpoint/endpoint.ts';
import { deleteEndpoint, deleteUser } from '../../../src/ingest/endpoints/deleteEndpoints.ts';
import { putEndpoint, putEndpoints } from '../../../src/ingest/endpoints/putEndpoint.ts';
import { useDatabase } from '../../support/database.ts';

const now = new Date('2026-03-31T12:00:00Z');
const appId = 'a'.repeat(32);

const database = useDatabase();
beforeAll(async () => {
  await insertApp(database.db, { id: appId, name: 'A', tags: {} }, now);
});
beforeEach(async () => {
  for (const table of ['endpoint', 'app_user', 'dirty_endpoint'] as const) {
    await database.db.deleteFrom(table).execute();
  }
});

function put(id: string, change: EndpointChange): Promise<void> {
  return database.db.transaction().execute((tx) => putEndpoint(tx, appId, id, change, now));
}

async function dirty(): Promise<string[]> {
  const rows = await database.db.deleteFrom('dirty_endpoint').returning('endpoint_id').execute();
  return rows.map((row) => row.endpoint_id).sort();
}

const mail = (name: string) => ({ channelType: 'EMAIL', address: `${name}@example.com` }) as const;

describe('writing an endpoint', () => {
  test("shares a user's attributes over all of the user's endpoints and marks them all dirty", async () => {
    await put('phone', {
      channelType: 'APNS',
      address: 't',
      userId: 'u',
      userAttributes: { Plan: ['free'], City: ['Kiel'] },
    });
    await put('mail', { ...mail('u'), userId: 'u' });
    expect(await dirty()).toEqual(['mail', 'phone']);
    await put('mail', { userAttributes: { Plan: ['premium'] } });
    expect(await dirty()).toEqual(['mail', 'phone']);
    expect((await endpointsOfUser(database.db, appId, 'u')).map((one) => one.userAttributes)).toEqual([
      { Plan: ['premium'], City: ['Kiel'] },
      { Plan: ['premium'], City: ['Kiel'] },
    ]);
  });

  test('that repeats what is stored marks nothing dirty', async () => {
    const change = {
      ...mail('a'),
      userId: 'u',
      userAttributes: { B: ['2'], A: ['1'] },
      attributes: { Y: ['2'], X: ['1'] },
      metrics: { N: 0.1 },
    };
    await put('e', change);
    expect(await dirty()).toEqual(['e']);
    await put('e', change);
    await put('e', { userAttributes: { A: ['1'] } });
    expect(await dirty()).toEqual([]);
  });

  test('of an address that another has marks both, and the older is INACTIVE', async () => {
    await put('old', mail('a'));
    await dirty();
    await put('new', mail('a'));
    expect(await dirty()).toEqual(['new', 'old']);
    expect([
      (await findEndpoint(database.db, appId, 'old'))?.status,
      (await findEndpoint(database.db, appId, 'new'))?.status,
    ]).toEqual(['INACTIVE', 'ACTIVE']);
    await put('old', {});
    expect([
      (await findEndpoint(database.db, appId, 'old'))?.status,
      (await findEndpoint(database.db, appId, 'new'))?.status,
    ]).toEqual(['ACTIVE', 'INACTIVE']);
  });

  test('in a batch tells of each write whether it was refused, and stores the others', async () => {
    const refusals = await database.db.transaction().execute((tx) =>
      putEndpoints(
        tx,
        appId,
        [
          { id: 'a', change: mail('a') },
          { id: 'b', change: { channelType: 'EMAIL' } },
          { id: 'a', change: { attributes: { A: ['1'] } } },
        ],
        now,
      ),
    );
    expect(refusals.map((refusal) => refusal?.message ?? null)).toEqual([null, 'Missing Address', null]);
    expect(await findEndpoint(database.db, appId, 'a')).toMatchObject({
      ...mail('a'),
      attributes: { A: ['1'] },
    });
    expect(await findEndpoint(database.db, appId, 'b')).toBeUndefined();
  });
});

describe('many writers at once', () => {
  test('of one new endpoint and its user lose no attribute of either', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `a${i}`);
    await Promise.all(
      names.map((name) =>
        put('e', {
          ...mail('a'),
          userId: 'u',
          attributes: { [name]: [name] },
          userAttributes: { [name]: [name] },
          metrics: { [name]: 1 },
        }),
      ),
    );
    const endpoint = await findEndpoint(database.db, appId, 'e');
    expect(Object.keys(endpoint?.attributes ?? {}).sort()).toEqual([...names].sort());
    expect(Object.keys(endpoint?.userAttributes ?? {}).sort()).toEqual([...names].sort());
    expect(Object.keys(endpoint?.metrics ?? {})).toHaveLength(40);
  });

  test('of one address leave exactly one endpoint ACTIVE', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => put(`e${i}`, mail('shared'))));
    const rows = await database.db.selectFrom('endpoint').select('status').execute();
    expect(rows.filter((row) => row.status === 'ACTIVE')).toHaveLength(1);
    expect(rows).toHaveLength(30);
  });

  test('who join one user keep to fifteen', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 25 }, (_, i) => put(`e${i}`, { ...mail(`m${i}`), userId: 'u' })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(15);
    expect(await endpointsOfUser(database.db, appId, 'u')).toHaveLength(15);
  });

  test('of the same endpoints, users and addresses in every order never wait in a circle', async () => {
    const random = (n: number, seed: number) => (Math.imul(seed, 2654435761) >>> 8) % n;
    const batches = Array.from({ length: 60 }, (_, b) =>
      Array.from({ length: 8 }, (_, i) => {
        const seed = b * 31 + i * 7 + 1;
        const change: EndpointChange = {
          ...mail(`m${random(5, seed)}`),
          userId: random(6, seed + 3) === 0 ? null : `u${random(4, seed + 1)}`,
          attributes: { [`b${b}`]: [String(i)] },
        };
        return { id: `e${random(9, seed + 2)}`, change };
      }),
    );
    const deletes = Array.from({ length: 10 }, (_, i) => i);
    await Promise.all([
      ...batches.map((writes) =>
        database.db.transaction().execute((tx) => putEndpoints(tx, appId, writes, now)),
      ),
      ...deletes.map((i) =>
        database.db.transaction().execute((tx) => deleteUser(tx, appId, `u${i % 4}`, now)),
      ),
      ...deletes.map((i) =>
        database.db.transaction().execute((tx) => deleteEndpoint(tx, appId, `e${i % 9}`, now)),
      ),
    ]);
    const active = await database.db
      .selectFrom('endpoint')
      .select(['address', (eb) => eb.fn.countAll<string>().as('count')])
      .where('status', '=', 'ACTIVE')
      .groupBy('address')
      .execute();
    expect(active.every((row) => row.count === '1')).toBe(true);
  });
});

describe('deleting', () => {
  /** Two endpoints of one user. */
  async function putPhoneAndMail(): Promise<void> {
    const userAttributes = { Plan: ['free'] };
    await put('phone', { channelType: 'APNS', address: 't', userId: 'u', userAttributes });
    await put('mail', { ...mail('u'), userId: 'u' });
  }

  test('an endpoint answers it as it was; the user stays while another endpoint is there', async () => {
    await putPhoneAndMail();
    await dirty();
    const deleted = await database.db.transaction().execute((tx) => deleteEndpoint(tx, appId, 'phone', now));
    expect(deleted).toMatchObject({ id: 'phone', userAttributes: { Plan: ['free'] } });
    expect(await dirty()).toEqual(['mail']);
    expect((await findEndpoint(database.db, appId, 'mail'))?.userAttributes).toEqual({ Plan: ['free'] });
    await database.db.transaction().execute((tx) => deleteEndpoint(tx, appId, 'mail', now));
    expect(await database.db.selectFrom('app_user').selectAll().execute()).toEqual([]);
  });

  test('a user deletes every endpoint and the attributes', async () => {
    await putPhoneAndMail();
    await put('other', mail('o'));
    const deleted = await database.db.transaction().execute((tx) => deleteUser(tx, appId, 'u', now));
    expect(deleted.map((endpoint) => endpoint.id)).toEqual(['mail', 'phone']);
    expect(await database.db.selectFrom('app_user').selectAll().execute()).toEqual([]);
    expect(await database.db.selectFrom('endpoint').select('id').execute()).toEqual([{ id: 'other' }]);
  });

  test('what is not there is told', async () => {
    expect(
      await database.db.transaction().execute((tx) => deleteEndpoint(tx, appId, 'none', now)),
    ).toBeUndefined();
    expect(await database.db.transaction().execute((tx) => deleteUser(tx, appId, 'none', now))).toEqual([]);
    expect(await database.db.selectFrom('app_user').selectAll().execute()).toEqual([]);
  });
});
