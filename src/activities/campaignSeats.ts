import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace, PacedChannel, Permit, Rates } from '../channels/rates.ts';
import type { SlotCounts } from './campaignChunk.ts';
import { notYet } from './notNow.ts';

/** How far apart (milliseconds) the first and the last call of a chunk may be: their claims are made together. */
const SPAN_MS = 500;
/** How late a turn may still be used. */
const TURN_LASTS_MS = 1000;
/** A channel that is paused is asked again after this at the latest. */
const ASK_AGAIN_MS = 120_000;

/** When the messages of a campaign may leave: each has a turn of the campaign's pace and a slot of its channel. */
export class CampaignSeats {
  readonly #rates: Rates;
  readonly #pace: Pace;
  #turns: number[] = [];
  readonly #slots = new Map<PacedChannel, number[]>();

  constructor(rates: Rates, pace: Pace) {
    this.#rates = rates;
    this.#pace = pace;
  }

  /** Waits for the next turns, at most so many; answers how many there are. */
  async refill(most: number): Promise<number> {
    this.#turns = this.#turns.filter((turn) => turn >= performance.now() - TURN_LASTS_MS);
    if (this.#turns.length === 0) this.#turns = [...(await this.#rates.slots(this.#pace, most, SPAN_MS))];
    await sleep(Math.max(0, (this.#turns[0] ?? performance.now() + SPAN_MS) - performance.now()));
    return this.#turns.length;
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
      const count = wanted - (this.#slots.get(channel)?.length ?? 0);
      if (count <= 0) continue;
      const wish = { channel, count, class: 'marketing', standing: 'waiting', patienceMs: SPAN_MS } as const;
      const permit = await this.#rates.ask(wish);
      this.#slots.set(channel, [...(this.#slots.get(channel) ?? []), ...permit.slots]);
      if (permit.slots.length === 0) await waitFor(permit);
    }
  }

  /** The instant (`performance.now()`) at which the next message by a channel may leave. */
  next(channel: PacedChannel): number {
    return Math.max(this.#turns.shift() ?? 0, this.#slots.get(channel)?.shift() ?? 0);
  }

  giveBack(): void {
    for (const [channel, slots] of this.#slots) this.#rates.giveBack(channel, slots);
    this.#slots.clear();
  }
}

async function waitFor({ refused }: Permit): Promise<void> {
  const waitMs = refused?.waitsMs[0] ?? SPAN_MS;
  if (refused !== null && refused.reason !== 'SENDING_RATE') throw notYet(Math.min(waitMs, ASK_AGAIN_MS));
  await sleep(Math.min(waitMs, 2 * SPAN_MS));
}
