/** How late (milliseconds) a slot may still be used. Beyond it, what was saved up would leave at once. */
const SLOT_LASTS_MS = 250;

/** Slots that somebody of this process took and had no use for. */
export interface SpareSlots {
  keep(channel: string, slots: readonly number[]): void;
  /** At most `count` of those that are still good, earliest first. */
  take(channel: string, count: number): number[];
}

export function createSpareSlots(): SpareSlots {
  const kept = new Map<string, number[]>();
  const good = (channel: string) =>
    (kept.get(channel) ?? []).filter((slot) => slot >= performance.now() - SLOT_LASTS_MS);
  return {
    keep: (channel, slots) => {
      if (slots.length > 0)
        kept.set(
          channel,
          [...good(channel), ...slots].sort((a, b) => a - b),
        );
    },
    take: (channel, count) => {
      const slots = good(channel);
      kept.set(channel, slots.slice(count));
      return slots.slice(0, count);
    },
  };
}
