import Handlebars from 'handlebars';

/** A variable that a text shows or asks about, named from the top: `['User', 'UserAttributes', 'Name']`. */
export interface VariableUse {
  readonly path: readonly string[];
  /** Whether the text provides for its absence: it stands in a condition, or has a `default`. */
  readonly mayBeMissing: boolean;
}

/** Helpers whose arguments may be missing. */
const forgiving = new Set(['if', 'unless', 'and', 'or', 'not', 'yesno', 'default', 'each', 'with']);
/** Blocks in which a name means something else than at the top. */
const narrowing = new Set(['each', 'with']);

/**
 * The variables of a text that compiles, each once, as far as the text alone tells them: in loops, `with` and inline
 * partials only those that are named from the top (`@root.User.UserId`).
 */
export function variablesIn(source: string): VariableUse[] {
  const collecting = new Collecting();
  collecting.accept(Handlebars.parseWithoutProcessing(source));
  return [...collecting.found].map(([text, mayBeMissing]) => ({ path: JSON.parse(text), mayBeMissing }));
}

type Called = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

class Collecting extends Handlebars.Visitor {
  readonly found = new Map<string, boolean>();
  #isForgiven = false;
  #depthInside = 0;

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    this.#call(mustache);
  }

  override SubExpression(expression: hbs.AST.SubExpression): void {
    this.#call(expression);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    this.#call(block);
    const isNarrow = narrowing.has(nameOf(block.path)) || block.params.length === 0;
    this.#inside(isNarrow, () => this.accept(block.program));
    // `else` parts keep the meaning of names
    if (block.inverse) this.accept(block.inverse);
  }

  override PartialStatement({ params, hash }: hbs.AST.PartialStatement): void {
    this.#arguments(params, hash);
  }

  override PartialBlockStatement({ params, hash, program }: hbs.AST.PartialBlockStatement): void {
    this.#arguments(params, hash);
    this.#inside(true, () => this.accept(program));
  }

  override DecoratorBlock(block: hbs.AST.DecoratorBlock): void {
    this.#inside(true, () => this.accept(block.program));
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    const isRooted = path.data && path.parts[0] === 'root';
    if (path.depth > 0 || (path.data && !isRooted) || (this.#depthInside > 0 && !isRooted)) return;
    const parts = isRooted ? path.parts.slice(1) : path.parts;
    if (parts.length === 0) return;
    const key = JSON.stringify(parts);
    this.found.set(key, (this.found.get(key) ?? false) || this.#isForgiven);
  }

  /** What is called with arguments is a helper, and so is one of its name without any; all else is a variable. */
  #call({ path, params, hash }: Called): void {
    const isHelper = params.length > 0 || hash !== undefined || argumentless.has(nameOf(path));
    if (!isHelper) this.accept(path);
    const before = this.#isForgiven;
    this.#isForgiven = before || forgiving.has(nameOf(path));
    this.#arguments(params, hash);
    this.#isForgiven = before;
  }

  #arguments(params: readonly hbs.AST.Expression[], hash: hbs.AST.Hash | undefined): void {
    for (const param of params) this.accept(param);
    for (const { value } of hash?.pairs ?? []) this.accept(value);
  }

  #inside(isNarrow: boolean, visit: () => void): void {
    if (isNarrow) this.#depthInside++;
    visit();
    if (isNarrow) this.#depthInside--;
  }
}

const argumentless = new Set(['now', 'uuid']);

function nameOf(path: hbs.AST.Node): string {
  return String((path as Partial<hbs.AST.PathExpression>).original ?? '');
}
