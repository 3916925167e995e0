import { affordable } from '../budget.ts';
import { call, type Helper, isTruthy, named, number, text } from './arguments.ts';

/** A helper of text alone: its arguments, the first as text. */
function onText(change: (value: string, ...rest: readonly unknown[]) => string): Helper {
  return (...given) => {
    const [value, ...rest] = call(given).values;
    return change(text(value), ...rest);
  };
}

/** Fills up to a width, with `pad=` or spaces; never cuts. */
function justified(fill: (value: string, width: number, pad: string) => string): Helper {
  return (...given) => {
    const { values, options } = call(given);
    const width = affordable(number(values[1] ?? options.hash.size, 'justify'));
    return fill(text(values[0]), width, named(options, 'pad', ' ') || ' ');
  };
}

/** Each word that stands between spaces; with `fully=true` the rest of it in small letters. */
const capitalize: Helper = (...given) => {
  const { values, options } = call(given);
  const value = isTruthy(options.hash.fully) ? text(values[0]).toLowerCase() : text(values[0]);
  return value.replace(/\S+/g, capitalizeFirst);
};

function capitalizeFirst(value: string): string {
  const [first = ''] = value;
  return first.toUpperCase() + value.slice(first.length);
}

/** The longest start that ends with a word and, with its dots, fits. */
function abbreviate(value: string, width: number): string {
  if (value.length <= width) return value;
  const cut = part(value, 0, Math.max(0, width - 3));
  return `${cut}...`.slice(0, Math.max(0, width));
}

/** A part of a text that begins and ends between two characters: half an emoji at an end is left out. */
function part(value: string, from: number, to?: number): string {
  return value.substring(from, to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}

function slugify(value: string): string {
  const plain = value.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/[\s_-]+/g, '-');
}

const replaceText: Helper = onText((value, search, replacement) => {
  const wanted = text(search);
  if (wanted === '') return value;
  const parts = value.split(wanted);
  affordable(value.length + parts.length * text(replacement).length);
  return parts.join(text(replacement));
});

const join: Helper = (...given) => {
  const { values, options } = call(given);
  const [first] = values;
  if (!isTruthy(first)) return '';
  const separator = values.length > 1 ? text(values.at(-1)) : ', ';
  const items: readonly unknown[] = Array.isArray(first)
    ? first
    : values.slice(0, Math.max(1, values.length - 1));
  return `${named(options, 'prefix', '')}${items.map(text).join(separator)}${named(options, 'suffix', '')}`;
};

const yesno: Helper = (...given) => {
  const { values, options } = call(given);
  if (values[0] === undefined || values[0] === null) return named(options, 'maybe', 'maybe');
  return isTruthy(values[0]) && text(values[0]) !== 'false'
    ? named(options, 'yes', 'yes')
    : named(options, 'no', 'no');
};

const defaultTo: Helper = (...given) => {
  const [value, fallback] = call(given).values;
  return isTruthy(value) || value === 0 ? value : fallback;
};

export const textHelpers = {
  abbreviate: onText((value, width) => abbreviate(value, number(width, 'abbreviate'))),
  capitalize,
  capitalizeFirst: onText(capitalizeFirst),
  center: justified((value, width, pad) =>
    value.padStart((value.length + width) >> 1, pad).padEnd(width, pad),
  ),
  cut: onText((value, unwanted) => value.replaceAll(unwanted === undefined ? ' ' : text(unwanted), '')),
  default: defaultTo,
  join,
  ljust: justified((value, width, pad) => value.padEnd(width, pad)),
  lower: onText((value) => value.toLowerCase()),
  replace: replaceText,
  rjust: justified((value, width, pad) => value.padStart(width, pad)),
  slugify: onText(slugify),
  stripTags: onText((value) => value.replace(/<[^<>]*>/g, '')),
  substring: onText((value, from, to) =>
    part(value, number(from ?? 0, 'substring'), to === undefined ? undefined : number(to, 'substring')),
  ),
  upper: onText((value) => value.toUpperCase()),
  yesno,
} satisfies Record<string, Helper>;
