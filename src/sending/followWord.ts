import { endpointsAtNumber } from '../db/people/endpointsAt.ts';
import { liftOptOut, suppress } from '../db/people/suppressions.ts';
import type { Deps } from '../deps.ts';
import type { FeedbackWord } from '../domain/feedbackWord.ts';
import { type SuppressionReason, suppressedForm } from '../domain/suppression.ts';
import { recordAddressFate } from './addressFate.ts';

/** Whose word it is: the address a message went to or came from, and the endpoint of the message, where it had one. */
export interface Speaker {
  readonly endpoint: { readonly appId: string; readonly endpointId: string } | null;
  readonly channel: string;
  readonly address: string;
}

/** What somebody said about the messages they get, and when (logical time). */
export interface Word {
  readonly speaker: Speaker;
  readonly saidAt: Date;
  /** Now, logical. */
  readonly now: Date;
}

type FollowDeps = Pick<Deps, 'db' | 'config'>;

/**
 * What follows for the address when its owner, or the server there, wants no more messages:
 * - hardBounce: it is suppressed, where `REPOINT_SUPPRESS` says so. As in Pinpoint the endpoint stays as it is
 * - complaint: the endpoint is opted out, and the address suppressed, where `REPOINT_SUPPRESS` says so
 * - unsubscribe: the endpoint is opted out
 * - stop: every app's endpoints with this number are opted out, and the number is suppressed: carriers and AWS block it
 *   for the whole account
 * - start: the contrary of stop
 *
 * Of two words the later one holds, whichever is heard first. Repeated it changes nothing. Each endpoint is changed in a
 * transaction of its own, which takes the locks of writers of endpoints and no other.
 */
export async function followWord(deps: FollowDeps, word: FeedbackWord, said: Word): Promise<void> {
  await follow[word](deps, said);
}

const follow: Record<FeedbackWord, (deps: FollowDeps, said: Word) => Promise<void>> = {
  hardBounce: async (deps, said) => {
    if (deps.config.REPOINT_SUPPRESS.includes('bounce')) await suppressSpeaker(deps, said, 'BOUNCE');
  },
  complaint: async (deps, said) => {
    const wantsMessages = (await setOptOut(deps, said.speaker, said, 'ALL')) === 'NONE';
    if (!wantsMessages && deps.config.REPOINT_SUPPRESS.includes('complaint'))
      await suppressSpeaker(deps, said, 'COMPLAINT');
  },
  unsubscribe: async (deps, said) => {
    await setOptOut(deps, said.speaker, said, 'ALL');
  },
  stop: async (deps, said) => {
    await suppressSpeaker(deps, said, 'OPT_OUT');
    await setOptOutOfNumber(deps, said, 'ALL');
  },
  start: async (deps, said) => {
    const form = suppressedForm(said.speaker.channel, said.speaker.address);
    if (form !== null) await liftOptOut(deps.db, form, said.saidAt);
    await setOptOutOfNumber(deps, said, 'NONE');
  },
};

async function setOptOutOfNumber(deps: FollowDeps, said: Word, optOut: 'ALL' | 'NONE'): Promise<void> {
  for (const { address, ...endpoint } of await endpointsAtNumber(deps.db, said.speaker.address)) {
    await setOptOut(deps, { endpoint, channel: 'SMS', address }, said, optOut);
  }
}

/** @returns the endpoint's OptOut after it; null where there is no endpoint with that address */
async function setOptOut(
  { db }: FollowDeps,
  { endpoint, address }: Speaker,
  { saidAt, now }: Word,
  optOut: 'ALL' | 'NONE',
): Promise<string | null> {
  if (endpoint === null) return null;
  const fate = { optOut, optOutAt: saidAt };
  const after = await db
    .transaction()
    .execute((tx) => recordAddressFate(tx, endpoint.appId, { ...endpoint, address }, fate, now));
  return after?.optOut ?? null;
}

async function suppressSpeaker(
  { db }: FollowDeps,
  { speaker, saidAt: since }: Word,
  reason: SuppressionReason,
): Promise<void> {
  const form = suppressedForm(speaker.channel, speaker.address);
  if (form !== null) await suppress(db, [{ ...form, reason, source: 'feedback', since }]);
}
