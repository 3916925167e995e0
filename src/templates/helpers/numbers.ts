import { RepointError } from '../../domain/errors.ts';
import { call, type Helper, isMissing, isTruthy, number, text } from './arguments.ts';

function arithmetic(name: string, calculate: (a: number, b: number) => number): Helper {
  return (...given) => {
    const { values } = call(given);
    if (values.some(isMissing)) return '';
    const numbers = values.map((value) => number(value, name));
    const result = numbers.slice(1).reduce(calculate, numbers[0] ?? 0);
    if (!Number.isFinite(result)) throw new RepointError('BadRequest', `${name}: there is no result`);
    return result;
  };
}

function rounding(name: string, change: (value: number) => number): Helper {
  return (...given) => {
    const [value] = call(given).values;
    return isMissing(value) ? '' : change(number(value, name));
  };
}

const ordinalSuffix: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const englishOrdinals = new Intl.PluralRules('en', { type: 'ordinal' });

const ordinalize: Helper = (...given) => {
  const [count] = call(given).values;
  if (isMissing(count)) return '';
  const value = number(count, 'ordinalize');
  return `${value}${ordinalSuffix[englishOrdinals.select(value)] ?? 'th'}`;
};

/** `{{inflect 3 "message" "messages" true}}` gives "3 messages"; without the last, the word alone. */
const inflect: Helper = (...given) => {
  const { values, options } = call(given);
  if (isMissing(values[0])) return '';
  const count = number(values[0], 'inflect');
  const word = text(Math.abs(count) === 1 ? values[1] : values[2]);
  return isTruthy(values[3] ?? options.hash.includeCount) ? `${count} ${word}` : word;
};

export const numberHelpers = {
  add: arithmetic('add', (a, b) => a + b),
  subtract: arithmetic('subtract', (a, b) => a - b),
  multiply: arithmetic('multiply', (a, b) => a * b),
  divide: arithmetic('divide', (a, b) => a / b),
  modulo: arithmetic('modulo', (a, b) => a % b),
  round: rounding('round', Math.round),
  ceiling: rounding('ceiling', Math.ceil),
  floor: rounding('floor', Math.floor),
  ordinalize,
  inflect,
} satisfies Record<string, Helper>;
