import { channels } from '../../domain/channel.ts';
import type { ClosedDaysDocument, ClosedDaysRule } from '../../domain/journey/document.ts';
import type { Warn } from './journeyDialect.ts';

/** Closed days are on the participant's own clock: an offset that is written all the same is left out, with a warning. */
export function normalizeClosedDays(days: ClosedDaysDocument, warn: Warn): ClosedDaysDocument {
  const normalized = channels.flatMap((channel) => {
    const rules = days[channel];
    const path = `ClosedDays.${channel}`;
    return rules ? [[channel, rules.map((rule, i) => normalizeRule(`${path}[${i}]`, rule, warn))]] : [];
  });
  return Object.fromEntries(normalized);
}

function normalizeRule(path: string, rule: ClosedDaysRule, warn: Warn): ClosedDaysRule {
  const local = (member: 'StartDateTime' | 'EndDateTime') => {
    const text = rule[member];
    const [, written] = /^(.*T[\d:.]+)(?:Z|[+-]\d{2}:?\d{2})$/.exec(text ?? '') ?? [];
    if (written === undefined) return text === undefined ? {} : { [member]: text };
    warn(`${path}.${member}`, `"${text}" read as ${written} where the participant is`);
    return { [member]: written };
  };
  return { ...rule, ...local('StartDateTime'), ...local('EndDateTime') };
}
