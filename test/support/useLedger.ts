import type { SendOutcome } from '../../src/channels/channel.ts';
import { newTimeId } from '../../src/db/ids.ts';
import { claim, type Say } from '../../src/sending/claim.ts';
import type { CallClaim, Claim, MessageOwner, Recipient } from '../../src/sending/ledger.ts';
import { recordOutcome } from '../../src/sending/recordOutcome.ts';
import { settleByFeedback } from '../../src/sending/settleByFeedback.ts';
import { useDatabase } from './database.ts';

export const start = new Date('2026-03-01T10:00:00Z');
export const graceMs = 900_000;
export const unknown: SendOutcome = { kind: 'unknown', reason: 'time-out' };
export const accepted: SendOutcome = { kind: 'accepted', providerMessageId: 'ses-1' };
export const refused: SendOutcome = {
  kind: 'refused',
  statusCode: 400,
  code: 'MessageRejected',
  reason: 'no',
};

/** Milliseconds after the start, by both clocks. */
export function later(ms: number) {
  const at = new Date(start.getTime() + ms);
  return { logical: at, real: at };
}

export function newOwner(change: Partial<MessageOwner> = {}): MessageOwner {
  const ids = { appId: 'app', owner: newTimeId(start), step: 'Welcome' };
  return { ...ids, kind: 'entry', channel: 'EMAIL', class: 'marketing', graceMs, ...change };
}

export function recipient(name: string): Recipient {
  return {
    recipient: name,
    endpointId: name,
    participant: null,
    channelType: 'EMAIL',
    address: `${name}@example.com`,
  };
}

/** The ledger in a file's own database, and what is done with it, so many milliseconds after the start. */
export function useLedger() {
  const database = useDatabase();
  const claimAt = (owner: MessageOwner, names: string[], ms = 0, say?: Say): Promise<Claim[]> =>
    database.db.transaction().execute((tx) => claim(tx, owner, names.map(recipient), later(ms), say));
  return {
    database,
    claimAt,
    /** A claim that has to be a call. */
    callAt: async (owner: MessageOwner, ms = 0, say?: Say): Promise<CallClaim> => {
      const [claimed] = await claimAt(owner, ['ann'], ms, say);
      if (claimed?.kind !== 'call') throw new Error(`expected a call, got ${claimed?.kind}`);
      return claimed;
    },
    oneAt: async (owner: MessageOwner, ms: number) => (await claimAt(owner, ['ann'], ms))[0],
    record: (owner: MessageOwner, claimed: CallClaim, outcome: SendOutcome, ms = 0) =>
      recordOutcome(database.db, owner, claimed, outcome, later(ms).logical),
    feedback: (owner: MessageOwner, seq: number, kind: Parameters<typeof settleByFeedback>[3], ms = 0) =>
      database.db
        .transaction()
        .execute((tx) =>
          settleByFeedback(tx, owner.appId, { owner: owner.owner, seq }, kind, null, later(ms).logical),
        ),
  };
}
