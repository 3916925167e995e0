/** How a stream of messages went with a limit. */
export interface Joint {
  readonly count: number;
  /** Messages a second, the first and the last two seconds apart. */
  readonly perSecond: number;
  /** The most in any second, and in any ten. */
  readonly peak: number;
  readonly peakOfTen: number;
  readonly everyFive: readonly number[];
}

/** Reads the instants (milliseconds) at which messages arrived. */
export function jointRate(instants: readonly number[]): Joint {
  const sorted = instants.toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const steady = sorted.filter((at) => at >= first + 2000 && at < last - 2000);
  return {
    count: sorted.length,
    perSecond: steady.length / ((last - first - 4000) / 1000),
    peak: mostWithin(sorted, 1000),
    peakOfTen: mostWithin(sorted, 10_000),
    everyFive: Array.from(
      { length: Math.ceil((last - first + 1) / 5000) },
      (_, index) => sorted.filter((at) => Math.floor((at - first) / 5000) === index).length,
    ),
  };
}

function mostWithin(sorted: readonly number[], milliseconds: number): number {
  let [from, most] = [0, 0];
  for (const [to, at] of sorted.entries()) {
    while ((sorted[from] ?? at) <= at - milliseconds) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
