import type { JourneyTrace } from '../cli/journeyTrace.ts';
import { outcomeOf } from '../cli/traceText.ts';
import { DAY_MS } from '../domain/duration.ts';
import type { Person } from './people.ts';
import { timeScale } from './setUp.ts';

const dayMs = DAY_MS / timeScale;

/** A person's way through the journey and why, a line a step, from their trace. */
export function storyOf(person: Person, trace: JourneyTrace): string[] {
  const [entry] = trace.Entries;
  const heading = `${person.name}, who ${person.role}`;
  if (entry === undefined) return [heading, `  did not enter: ${whyNot(trace)}`];
  const entered = Date.parse(entry.EnteredAt);
  const steps = entry.Steps.map((step) => {
    const day = ((Date.parse(step.At) - entered) / dayMs).toFixed(1);
    return `  day ${day}  ${step.Step.padEnd(16)} ${outcomeOf(step)}`;
  });
  const end = entry.EndedAt === null ? '  is still inside' : `  ended: ${entry.EndReason}`;
  return [heading, ...steps, end];
}

function whyNot({ Membership }: JourneyTrace): string {
  if (Membership === null) return 'matches not its segment';
  return Membership.Refused ?? (Membership.Matching ? 'not seen yet' : 'does not match its segment any more');
}
