import type { Queryable } from '../db/database.ts';
import {
  countPositions,
  entriesAt,
  type MetricsScope,
  type PositionCount,
} from '../db/journeys/journeyMetrics.ts';
import { isPassing, passStep } from '../domain/journey/pass.ts';
import { type Branch, branchesOf, type Plan } from '../domain/journey/plan.ts';

/**
 * How many are on their way through a wait. Waits have no row before the step behind them acts: they are those who stand
 * before it with nothing else to do. Only where a lot was drawn in between each of them has to be asked.
 */
export async function countWaiting(
  db: Queryable,
  scope: MetricsScope,
  plan: Plan,
  wait: string,
): Promise<number> {
  let waiting = 0;
  for (const group of await countPositions(db, scope)) {
    const start = startOf(plan, group);
    if (!mayPass(plan, start, wait)) continue;
    if (!drawsLots(plan, start)) waiting += group.count;
    else {
      const entries = await entriesAt(db, scope, group);
      waiting += entries.filter((entryId) => passes(plan, entryId, start, wait)).length;
    }
  }
  return waiting;
}

/** Where those go on who have done a step with a decision. */
function startOf(plan: Plan, { position, decision }: PositionCount): string | undefined {
  if (position === null) return plan.start;
  const step = plan.steps[position];
  if (step === undefined) return undefined;
  const branches = branchesOf(step);
  return branches.get(branches.has('on') ? 'on' : (decision as Branch));
}

/** The steps that can be come to without an activity, whatever the lots. */
function ahead(plan: Plan, start: string | undefined): string[] {
  const found = new Set<string>();
  const open = [start];
  while (open.length > 0) {
    const id = open.pop();
    const step = id === undefined ? undefined : plan.steps[id];
    if (id === undefined || step === undefined || !isPassing(step) || found.has(id)) continue;
    found.add(id);
    open.push(...branchesOf(step).values());
  }
  return [...found];
}

function mayPass(plan: Plan, start: string | undefined, wait: string): boolean {
  return ahead(plan, start).includes(wait);
}

function drawsLots(plan: Plan, start: string | undefined): boolean {
  return ahead(plan, start).some((id) => ['random', 'holdout'].includes(plan.steps[id]?.k ?? ''));
}

/** Whether one entry comes through a wait before its next activity. */
export function passes(plan: Plan, entryId: string, start: string | undefined, wait: string): boolean {
  for (let id = start; id !== undefined; ) {
    const step = plan.steps[id];
    if (step === undefined || !isPassing(step)) return false;
    if (id === wait) return true;
    id = passStep(entryId, id, step, 0).next;
  }
  return false;
}
