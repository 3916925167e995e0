import Handlebars from 'handlebars';
import { LRUCache } from 'lru-cache';
import { RepointError } from '../domain/errors.ts';
import { storable } from '../domain/storable.ts';
import { withBudget } from './budget.ts';
import { createEnvironment, helperNames } from './environment.ts';
import { type Measured, measure, refuseOversize } from './measure.ts';
import { longestText, type Variables } from './variables.ts';

/** html: variables are escaped; text: they stand as they are. */
export type Escaping = 'html' | 'text';

/** A template's text, ready to be rendered for many. */
export type CompiledText = (variables: Variables, now: Date) => string;

/** So many texts, or so many characters of them. */
const newCache = () => new LRUCache<string, CompiledText>({ max: 1000, maxSize: 10_000_000 });
const caches: Readonly<Record<Escaping, LRUCache<string, CompiledText>>> = {
  html: newCache(),
  text: newCache(),
};

/**
 * Compiles a template's text, once per text. Only Pinpoint's helpers and inline partials exist in it; it reaches own
 * properties of its variables and nothing else.
 * @throws RepointError BadRequest with Handlebars' message, or for a text that is larger than any message needs
 */
export function compileText(source: string, escaping: Escaping): CompiledText {
  const cache = caches[escaping];
  const known = cache.get(source);
  if (known !== undefined) return known;
  const compiled = translating(() => compileFresh(source, escaping));
  cache.set(source, compiled, { size: Math.max(1, source.length) });
  return compiled;
}

function compileFresh(source: unknown, escaping: Escaping): CompiledText {
  // Handlebars would run a parsed template as it is, code and all
  if (typeof source !== 'string') throw new RepointError('BadRequest', 'a template is a text');
  refuseOversize(source);
  const options = compileOptions(escaping);
  const program = Handlebars.parse(source);
  const measured = measure(program);
  const environment = createEnvironment(measured.words);
  // `compile` is lazy: this is where a mistake shows
  environment.precompile(program, options);
  const template = environment.compile<Variables>(program, options);
  return (variables, now) =>
    translating(() => {
      refuseMultitude(measured, variables);
      const rendered = withBudget(measured, () => template(variables, runtimeOptions(variables, now)));
      // helpers can cut a character in half, and `decode64` makes any
      return storable(withinLimit(rendered));
    });
}

/** Characters that one text may come to; and what its statements could, were each to show the longest variable. */
const CHARACTERS_MAX = 6_000_000;
const MULTITUDE_MAX = 10 * CHARACTERS_MAX;
const FEW_STATEMENTS = 20;

function refuseMultitude({ statements }: Measured, variables: Variables): void {
  if (statements <= FEW_STATEMENTS) return;
  if (statements * longestText(variables) > MULTITUDE_MAX) throw tooLong();
}

function withinLimit(text: string): string {
  if (text.length > CHARACTERS_MAX) throw tooLong();
  return text;
}

function tooLong(): RepointError {
  return new RepointError('BadRequest', 'its variables produce too much text');
}

function compileOptions(escaping: Escaping): CompileOptions {
  return {
    noEscape: escaping === 'text',
    knownHelpersOnly: true,
    knownHelpers: { ...Object.fromEntries(helperNames.map((name) => [name, true])), log: false },
  };
}

function runtimeOptions(root: Variables, now: Date): Handlebars.RuntimeOptions {
  return {
    data: { now: now.getTime(), root },
    allowProtoMethodsByDefault: false,
    allowProtoPropertiesByDefault: false,
  };
}

function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RepointError) throw error;
    throw new RepointError('BadRequest', plain(error));
  }
}

/**
 * Handlebars' message without the name of a setting of ours and without what a recipient's variable holds; what breaks
 * inside of it tells its author nothing.
 */
function plain(error: unknown): string {
  if (error instanceof RangeError) return 'blocks or helpers are too deep inside one another';
  if (error instanceof Error && /^The partial .* could not be found$/s.test(error.message)) {
    return 'an inline partial that it calls is not defined';
  }
  if (!(error instanceof Error) || error instanceof TypeError)
    return 'something is used that templates do not have';
  return error.message.replace(
    'You specified knownHelpersOnly, but used the unknown helper',
    'unknown helper',
  );
}
