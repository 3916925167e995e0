import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace, Permit, Rates } from '../../channels/rates.ts';
import type { Channel } from '../../domain/channel.ts';
import { notYet } from '../notNow.ts';
import type { SlotCounts } from './campaignChunk.ts';

/** How far ahead (milliseconds) turns and slots are taken. What is claimed together begins within a second. */
const AHEAD_MS = 800;
/** How late a turn or a slot may still be used: what was saved up would leave at once. */
const LASTS_MS = 250;
/** How long to wait in place for a slot. */
const WAIT_MS = 1000;
/** A channel that is paused is asked again after this at the latest. */
const ASK_AGAIN_MS = 120_000;

/** When the messages of a campaign may leave: each has a turn of the campaign's pace and a slot of its channel. */
export class CampaignSeats {
  readonly #rates: Rates;
  readonly #pace: Pace;
  #turns: number[] = [];
  readonly #slots = new Map<Channel, number[]>();

  constructor(rates: Rates, pace: Pace) {
    this.#rates = rates;
    this.#pace = pace;
  }

  /** Waits for the next turns, at most so many; answers how many there are. */
  async refill(most: number): Promise<number> {
    this.#dropLate();
    if (this.#turns.length === 0) await this.#takeTurns(most);
    await sleep(Math.max(0, (this.#turns[0] ?? performance.now() + LASTS_MS) - performance.now()));
    return this.#turns.length;
  }

  /**
   * Takes the turns of the next chunk, and slots of the channels this one used, while it is being sent: what is asked for only
   * afterwards comes when time has been lost.
   */
  async takeAhead(most: number, used: SlotCounts): Promise<void> {
    if (this.#turns.length < most) await this.#takeTurns(most - this.#turns.length);
    for (const [channel, count] of used) await this.#ask(channel, Math.min(count, this.#turns.length));
  }

  async #takeTurns(most: number): Promise<void> {
    this.#turns.push(...(await this.#rates.slots(this.#pace, most, AHEAD_MS)));
  }

  #dropLate(): void {
    const isGood = (instant: number) => instant >= performance.now() - LASTS_MS;
    this.#turns = this.#turns.filter(isGood);
    for (const [channel, slots] of this.#slots) this.#slots.set(channel, slots.filter(isGood));
  }

  get counts(): SlotCounts {
    return new Map([...this.#slots].map(([channel, slots]) => [channel, slots.length]));
  }

  /**
   * Takes slots of channels, or waits a little where there are none.
   * @throws ApplicationFailure when a channel is paused: the page is repeated later
   */
  async take(counts: SlotCounts): Promise<void> {
    for (const [channel, wanted] of counts) {
      const permit = await this.#ask(channel, wanted);
      if (permit !== null && permit.slots.length === 0) await waitFor(permit);
    }
  }

  /** Asks for as many slots as are missing; null where none are. */
  async #ask(channel: Channel, wanted: number): Promise<Permit | null> {
    const kept = this.#slots.get(channel) ?? [];
    const count = wanted - kept.length;
    if (count <= 0) return null;
    const wish = { channel, count, class: 'marketing', standing: 'waiting', patienceMs: AHEAD_MS } as const;
    const permit = await this.#rates.ask(wish);
    this.#slots.set(channel, [...kept, ...permit.slots]);
    return permit;
  }

  /** The instant (`performance.now()`) at which the next message by a channel may leave. */
  next(channel: Channel): number {
    return Math.max(this.#turns.shift() ?? 0, this.#slots.get(channel)?.shift() ?? 0);
  }

  giveBack(): void {
    for (const [channel, slots] of this.#slots) this.#rates.giveBack(channel, slots);
    this.#slots.clear();
  }
}

async function waitFor({ refused }: Permit): Promise<void> {
  const waitMs = refused?.waitsMs[0] ?? WAIT_MS;
  if (refused !== null && refused.reason !== 'SENDING_RATE') throw notYet(Math.min(waitMs, ASK_AGAIN_MS));
  await sleep(Math.min(waitMs, WAIT_MS));
}
