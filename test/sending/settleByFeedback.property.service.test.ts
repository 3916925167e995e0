import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newTimeId } from '../../src/db/ids.ts';
import type { FeedbackKind } from '../../src/domain/feedbackKind.ts';
import { claim } from '../../src/sending/claim.ts';
import type { CallClaim, MessageOwner } from '../../src/sending/ledger.ts';
import { recordOutcome } from '../../src/sending/recordOutcome.ts';
import { settleByFeedback } from '../../src/sending/settleByFeedback.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const now = new Date('2026-03-01T10:00:00Z');

/** What is heard of a message: the answer to its call, accepted or lost, and reports. */
type Heard =
  | { readonly answer: 'accepted' | 'unknown' }
  | { readonly report: FeedbackKind; detail: string | null };

const report: fc.Arbitrary<Heard> = fc.oneof(
  fc.record({
    report: fc.constantFrom<FeedbackKind>('send', 'delivery', 'open', 'click', 'unsubscribe', 'complaint'),
    detail: fc.constant(null),
  }),
  fc.record({
    report: fc.constantFrom<FeedbackKind>('bounce', 'reject', 'renderingFailure'),
    detail: fc.constantFrom('Permanent General', 'Transient MailboxFull', null),
  }),
);
const heard = fc
  .tuple(
    fc.constantFrom<Heard>({ answer: 'accepted' }, { answer: 'unknown' }),
    fc.array(report, { minLength: 1, maxLength: 6 }),
  )
  .map(([answer, reports]): Heard[] => [answer, ...reports]);

async function claimed(): Promise<{ owner: MessageOwner; call: CallClaim }> {
  const ids = { appId: 'app', owner: newTimeId(now), step: 'Welcome' };
  const owner: MessageOwner = { ...ids, kind: 'entry', channel: 'EMAIL', class: 'marketing', graceMs: 0 };
  const ann = { endpointId: 'ann', participant: null, channelType: 'EMAIL', address: 'ann@example.com' };
  const [call] = await database.db
    .transaction()
    .execute((tx) => claim(tx, owner, [{ recipient: 'ann', ...ann }], { logical: now, real: now }));
  if (call?.kind !== 'call') throw new Error('expected a call');
  return { owner, call };
}

async function stateAfter(order: readonly Heard[]) {
  const { owner, call } = await claimed();
  for (const one of order) {
    if ('report' in one) {
      const { report: kind, detail } = one;
      await database.db
        .transaction()
        .execute((tx) => settleByFeedback(tx, 'app', { owner: owner.owner, seq: 1 }, kind, detail, now));
    } else {
      const outcome =
        one.answer === 'accepted'
          ? ({ kind: 'accepted', providerMessageId: 'ses-1' } as const)
          : ({ kind: 'unknown', reason: 'time-out' } as const);
      await recordOutcome(database.db, owner, call, outcome, now);
    }
  }
  return await database.db
    .selectFrom('message')
    .select(['state', 'reason'])
    .where('owner', '=', owner.owner)
    .executeTakeFirstOrThrow();
}

test('a message comes to the same whatever the order of its answer and reports, and however often they are heard', async () => {
  const orders = heard.chain((all) => {
    const repeated: Heard[] = all.flatMap((one): Heard[] => ('report' in one ? [one, one] : [one]));
    const shuffled = fc.shuffledSubarray(repeated, { minLength: repeated.length });
    return fc.tuple(fc.constant(all), shuffled);
  });
  await fc.assert(
    fc.asyncProperty(orders, async ([once, shuffled]) => {
      expect(await stateAfter(shuffled)).toEqual(await stateAfter(once));
    }),
    { numRuns: 30 },
  );
});
