import { call, type Helper, isMissing, isTruthy, named, text } from './arguments.ts';

/** A block takes one of its branches; inline gives `yes=` or `no=`, or plain true and false (also for sub-expressions). */
function condition(holds: (values: readonly unknown[]) => boolean): Helper {
  return function (...given) {
    const { values, options } = call(given);
    const result = holds(values);
    // Handlebars gives `fn` to blocks only
    if (typeof options.fn === 'function') return result ? options.fn(this) : options.inverse(this);
    if (options.hash.yes === undefined && options.hash.no === undefined) return result;
    return result ? named(options, 'yes', 'true') : named(options, 'no', 'false');
  };
}

/** Numbers by value where both are; text otherwise. With what is missing nothing can be compared: no comparison holds. */
function compare(a: unknown, b: unknown): number {
  if (isMissing(a) || isMissing(b)) return Number.NaN;
  const [left, right] = [text(a), text(b)];
  const [leftNumber, rightNumber] = [Number(left), Number(right)];
  const numeric = left.trim() !== '' && right.trim() !== '' && !Number.isNaN(leftNumber - rightNumber);
  if (numeric) return leftNumber - rightNumber;
  return left < right ? -1 : Number(left > right);
}

export const conditionHelpers = {
  and: condition((values) => values.every(isTruthy)),
  or: condition((values) => values.some(isTruthy)),
  not: condition(([value]) => !isTruthy(value)),
  eq: condition(([a, b]) => text(a) === text(b)),
  neq: condition(([a, b]) => text(a) !== text(b)),
  gt: condition(([a, b]) => compare(a, b) > 0),
  gte: condition(([a, b]) => compare(a, b) >= 0),
  lt: condition(([a, b]) => compare(a, b) < 0),
  lte: condition(([a, b]) => compare(a, b) <= 0),
} satisfies Record<string, Helper>;
