import type { Position } from '../db/journeys/positions.ts';
import type { AsJson } from './journeyTrace.ts';

/** How many are on their way to each step, and when they wake, a line a step. */
export function positionLines(positions: readonly AsJson<Position>[]): string[] {
  if (positions.length === 0) return ['nobody is inside'];
  const names = positions.map(({ Step }) => Step ?? '(the end)');
  const width = Math.max(...names.map((name) => name.length));
  return positions.map((position, index) => {
    const { Participants: count, Parked: parked } = position;
    return `${(names[index] ?? '').padEnd(width)}  ${String(count).padStart(9)}${heldText(parked)}${wakesText(position)}`;
  });
}

function heldText(parked: number): string {
  return parked === 0 ? '' : `, ${parked} held by a pause`;
}

function wakesText({ NextWakesAt: next, LastWakesAt: last }: AsJson<Position>): string {
  if (next === null) return '';
  return next === last ? `, wakes ${next}` : `, the first wakes ${next}, the last ${last}`;
}
