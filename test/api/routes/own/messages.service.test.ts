import { beforeAll, describe, expect, it } from 'vitest';
import { newTimeId } from '../../../../src/db/ids.ts';
import { claim } from '../../../../src/sending/claim.ts';
import type { CallClaim, MessageOwner } from '../../../../src/sending/ledger.ts';
import { recordOutcome } from '../../../../src/sending/recordOutcome.ts';
import { createApp, useApi } from '../../../support/api.ts';
import { useDatabase } from '../../../support/database.ts';
import { callSigned } from '../../../support/signedRequest.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
let time = new Date(start);
let appId: string;

const database = useDatabase();
const api = useApi(database, { deps: { clock: { now: async () => time } } });
beforeAll(async () => {
  appId = await createApp(api.client);
  for (let n = 1; n <= 7; n += 1) await sendTo(`e${n}`, n);
});

/** The nth minute's message: every third is unknown, those of odd minutes are of journey j1. */
async function sendTo(endpointId: string, n: number): Promise<void> {
  time = new Date(start + n * 60_000);
  const owner: MessageOwner = {
    ...{ appId, owner: newTimeId(time), kind: 'entry', step: 'Welcome', channel: 'EMAIL' },
    ...{ class: 'marketing', journeyId: n % 2 === 1 ? 'j1' : 'j2', graceMs: 900_000 },
  };
  const recipient = { recipient: endpointId, endpointId, participant: `e:${endpointId}` };
  const to = { ...recipient, channelType: 'EMAIL', address: `${endpointId}@example.com` };
  const now = { logical: time, real: new Date() };
  const [claimed] = await database.db.transaction().execute((tx) => claim(tx, owner, [to], now));
  const outcome =
    n % 3 === 0
      ? ({ kind: 'unknown', reason: 'socket hang up' } as const)
      : ({ kind: 'accepted', providerMessageId: 'p' } as const);
  await recordOutcome(database.db, owner, claimed as CallClaim, outcome, time);
}

async function ask(what: string) {
  const { status, body } = await callSigned(api.url, {
    method: 'GET',
    target: `/repoint/v1/apps/${appId}/${what}`,
  });
  return { status, body: JSON.parse(body) };
}
const ids = (body: { Messages: { EndpointId: string }[] }) =>
  body.Messages.map(({ EndpointId }) => EndpointId);

describe('GET /repoint/v1/apps/{id}/messages', () => {
  it('lists unknowns with when, whom, by which step, attempts, why and what happens next', async () => {
    const { status, body } = await ask('messages?state=unknown&journey=j1');
    expect(status).toBe(200);
    expect(body.Messages).toEqual([
      {
        MessageId: expect.stringMatching(/^[0-9a-f-]{36}-1-1$/),
        CreatedAt: '2026-03-01T10:03:00.000Z',
        State: 'unknown',
        Reason: 'socket hang up',
        Next: expect.stringMatching(
          /^stays unknown and is not sent again, unless .* 2026-03-01T10:18:00.000Z$/,
        ),
        EndpointId: 'e3',
        Address: null,
        ChannelType: 'EMAIL',
        Class: 'marketing',
        SentBy: 'journey',
        JourneyId: 'j1',
        CampaignId: null,
        Step: 'Welcome',
        Attempts: 1,
        AttemptedAt: '2026-03-01T10:03:00.000Z',
        AcceptedAt: null,
        SettledAt: null,
        Template: null,
      },
    ]);
  });

  it('pages from the newest to the oldest, each message once', async () => {
    const seen: string[] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const { body } = await ask(`messages?page-size=3${token && `&token=${token}`}`);
      seen.push(...ids(body));
      token = body.NextToken;
    }
    expect(seen).toEqual(['e7', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1']);
  });

  it('narrows by endpoint, time and state together', async () => {
    expect(ids((await ask('messages?endpoint=e2')).body)).toEqual(['e2']);
    expect(ids((await ask('messages?since=2026-03-01T10:04:00Z&state=sent')).body)).toEqual([
      'e7',
      'e5',
      'e4',
    ]);
  });

  it('refuses what it cannot read, all of it at once', async () => {
    const { status, body } = await ask('messages?state=lost&since=yesterday&colour=red');
    expect(status).toBe(400);
    for (const path of ['state', 'since', 'colour']) expect(body.Message).toContain(path);
    const token = Buffer.from("1 x' or true").toString('base64url');
    expect(await ask(`messages?token=${token}`)).toMatchObject({ status: 400 });
  });
});

describe('GET /repoint/v1/apps/{id}/messages/{message}', () => {
  it('tells of one message each call and what it came to', async () => {
    const [listed] = (await ask('messages?endpoint=e3')).body.Messages;
    const { body } = await ask(`messages/${listed.MessageId}`);
    const At = '2026-03-01T10:03:00.000Z';
    const call = { Attempt: 1, At, AnsweredAt: At, Outcome: 'unknown', Detail: 'socket hang up' };
    expect(body).toEqual({ ...listed, Calls: [call], Body: null });
  });

  it.each(['x', '00000000-0000-7000-8000-000000000000-1-1'])('404 for %s', async (id) => {
    expect(await ask(`messages/${id}`)).toMatchObject({ status: 404 });
  });
});

describe('GET /repoint/v1/apps/{id}/message-counts', () => {
  it('counts every state, with the same filters', async () => {
    const none = { queued: 0, claimed: 0, delivered: 0, failed: 0, skipped: 0 };
    expect((await ask('message-counts')).body).toEqual({ Counts: { ...none, sent: 5, unknown: 2 } });
    expect((await ask('message-counts?journey=j1')).body).toEqual({
      Counts: { ...none, sent: 3, unknown: 1 },
    });
  });
});
