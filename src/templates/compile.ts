import Handlebars from 'handlebars';
import { RepointError } from '../domain/errors.ts';
import { BoundedCache } from './boundedCache.ts';
import { spend, withBudget } from './budget.ts';
import { call, type Helper } from './helpers/arguments.ts';
import { conditionHelpers } from './helpers/conditions.ts';
import { dateHelpers } from './helpers/dates.ts';
import { encodingHelpers } from './helpers/encodings.ts';
import { numberHelpers } from './helpers/numbers.ts';
import { textHelpers } from './helpers/texts.ts';
import type { Variables } from './variables.ts';

/** html: variables are escaped; text: they stand as they are. */
export type Escaping = 'html' | 'text';

/** A template's text, ready to be rendered for many. */
export type CompiledText = (variables: Variables, now: Date) => string;

const helpers: Record<string, Helper> = {
  ...conditionHelpers,
  ...textHelpers,
  ...numberHelpers,
  ...encodingHelpers,
  ...dateHelpers,
};

const environment = createEnvironment();
const cache = new BoundedCache<CompiledText>({ entries: 1000, weight: 20_000_000 });

/**
 * Compiles a template's text, once per text. Only Pinpoint's helpers and inline partials exist in it; it reaches own
 * properties of its variables and nothing else.
 * @throws RepointError BadRequest with Handlebars' message
 */
export function compileText(source: string, escaping: Escaping): CompiledText {
  const key = `${escaping}:${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const options = compileOptions(escaping);
  // `compile` is lazy: this is where a mistake shows
  translating(() => environment.precompile(source, options));
  const template = environment.compile<Variables>(source, options);
  const compiled: CompiledText = (variables, now) =>
    translating(() => withBudget(() => template(variables, runtimeOptions(now))));
  cache.set(key, compiled, source.length);
  return compiled;
}

function compileOptions(escaping: Escaping): CompileOptions {
  return {
    noEscape: escaping === 'text',
    knownHelpersOnly: true,
    knownHelpers: { ...Object.fromEntries(Object.keys(helpers).map((name) => [name, true])), log: false },
  };
}

function runtimeOptions(now: Date): Handlebars.RuntimeOptions {
  return {
    data: { now: now.toISOString() },
    allowProtoMethodsByDefault: false,
    allowProtoPropertiesByDefault: false,
  };
}

function createEnvironment(): typeof Handlebars {
  const created = Handlebars.create();
  created.unregisterHelper('log');
  for (const [name, helper] of Object.entries(helpers)) created.registerHelper(name, charged(helper));
  created.registerHelper('each', chargedLoop(created.helpers.each as Helper));
  chargePartials(created);
  return created;
}

/** Text that a helper makes counts towards the rendering's budget. */
function charged(helper: Helper): Helper {
  return function (...given) {
    const result = helper.apply(this, given);
    spend(typeof result === 'string' ? result : '');
    return result;
  };
}

function chargedLoop(each: Helper): Helper {
  return function (...given) {
    const { values, options } = call(given);
    const fn: typeof options.fn = (context, settings) => spend(options.fn(context, settings));
    return each.apply(this, [...values, { ...options, fn }]);
  };
}

type InvokePartial = (this: unknown, ...given: unknown[]) => string | undefined;

function chargePartials(created: typeof Handlebars): void {
  const runtime = created.VM as unknown as Record<string, unknown> & { invokePartial: InvokePartial };
  const { invokePartial } = runtime;
  const VM = {
    ...runtime,
    invokePartial(this: unknown, ...given: unknown[]) {
      const result = invokePartial.apply(this, given);
      spend(result ?? '');
      return result;
    },
  };
  Object.assign(created, { VM });
}

function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RepointError) throw error;
    throw new RepointError(
      'BadRequest',
      error instanceof Error ? plain(error.message) : 'the template fails',
    );
  }
}

/** Handlebars' message without the name of a setting of ours. */
function plain(message: string): string {
  return message.replace('You specified knownHelpersOnly, but used the unknown helper', 'unknown helper');
}
