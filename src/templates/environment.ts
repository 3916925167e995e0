import Handlebars from 'handlebars';
import { spendHelper, spendPartial, spendRound } from './budget.ts';
import { call, type Helper } from './helpers/arguments.ts';
import { conditionHelpers } from './helpers/conditions.ts';
import { dateHelpers } from './helpers/dates.ts';
import { encodingHelpers } from './helpers/encodings.ts';
import { numberHelpers } from './helpers/numbers.ts';
import { textHelpers } from './helpers/texts.ts';
import { ROUND_STATEMENTS } from './measure.ts';

const helpers: Record<string, Helper> = {
  ...conditionHelpers,
  ...textHelpers,
  ...numberHelpers,
  ...encodingHelpers,
  ...dateHelpers,
};

/** Formatting a date costs as much as this many characters. */
const DATE_COST = 10_000;
const ownCosts: Readonly<Record<string, number>> = { dateFormat: DATE_COST, now: DATE_COST };

/** Of Handlebars' own; `each` also runs blocks over a list that name no helper. */
const dispensable = ['if', 'unless', 'with', 'lookup'];

export const helperNames: readonly string[] = Object.keys(helpers);

/**
 * Handlebars with what a text of these words may call, and each of it charged. Only that: Handlebars wraps every helper anew for
 * every rendering.
 */
export function createEnvironment(words: ReadonlySet<string>): typeof Handlebars {
  const created = Handlebars.create();
  for (const name of dispensable) if (!words.has(name)) created.unregisterHelper(name);
  created.unregisterHelper('log');
  for (const [name, helper] of Object.entries(helpers)) {
    if (words.has(name)) created.registerHelper(name, charged(helper, ownCosts[name]));
  }
  created.registerHelper('each', chargedLoop(created.helpers.each as Helper));
  chargePartials(created);
  setUpOnce(created);
  return created;
}

function charged(helper: Helper, ownCost: number | undefined): Helper {
  return function (...given) {
    const result = helper.apply(this, given);
    spendHelper(call(given).values, result, ownCost);
    return result;
  };
}

function chargedLoop(each: Helper): Helper {
  return function (...given) {
    const { values, options } = call(given);
    const statements = options.hash[ROUND_STATEMENTS] as number | undefined;
    const fn: typeof options.fn = (context, settings) =>
      spendRound(options.fn(context, settings), statements);
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
      return spendPartial(() => invokePartial.apply(this, given));
    },
  };
  Object.assign(created, { VM });
}

/** What Handlebars compiles a text to, as far as it is looked at here. */
interface Specification {
  readonly usePartial?: boolean;
  readonly useDecorators?: boolean;
}

type SetUp = (options: unknown) => void;

/**
 * Handlebars wraps the helpers and lists what prototypes may show anew for every rendering. Both are the same each time for a
 * text that defines no partials, as helpers and those options never change here.
 */
function setUpOnce(created: typeof Handlebars): void {
  const { template } = created;
  created.template = (specification: Specification) => {
    const compiled = template(specification) as Handlebars.TemplateDelegate & { _setup: SetUp };
    if (specification.usePartial || specification.useDecorators) return compiled;
    const setUp = compiled._setup;
    let isSetUp = false;
    compiled._setup = (options) => {
      if (isSetUp) return;
      setUp(options);
      isSetUp = true;
    };
    return compiled;
  };
}
