import Handlebars from 'handlebars';
import { RepointError } from '../domain/errors.ts';

type Node = hbs.AST.Node;
type PartialCall = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;

/** What rendering a text may take, as far as the text alone tells. */
export interface Measured {
  /** Expressions and blocks. */
  readonly statements: number;
  /** The same inside the largest inline partial: the most that calling one runs, without its own loops and partials. */
  readonly largestPartial: number;
  /** Every word that may be the name of a helper. */
  readonly words: ReadonlySet<string>;
}

const STATEMENTS_MAX = 3000;
/** A block has two or three. */
const TAGS_MAX = 3 * STATEMENTS_MAX;
const TAG_LENGTH_MAX = 10_000;
/** Blocks, branches and sub-expressions inside one another. */
const DEPTH_MAX = 100;
/** A block in the parsed text is a node, and its inside another. */
const NODES_PER_BLOCK = 2;
const PATH_PARTS_MAX = 50;

/** The name under which a loop is told how many statements each of its rounds runs. */
export const ROUND_STATEMENTS = 'repoint-round-statements';

/**
 * Counts the tags of a text before it is parsed: Handlebars' parser takes time by the square of their number and depth.
 * @throws RepointError BadRequest
 */
export function refuseOversize(source: string): void {
  for (const [tag] of source.matchAll(/\{\{(?!~?!)[^}]*/g)) {
    if (tag.length > TAG_LENGTH_MAX) throw refusal(`a tag may have at most ${TAG_LENGTH_MAX} characters`);
  }
  let tags = 0;
  let depth = 0;
  const open: number[] = [];
  for (const [, mark] of source.matchAll(/\{\{~?\s*([#/]|\^(?!~?\})|else\s+\w)?/g)) {
    tags++;
    if (tags > TAGS_MAX) throw refusal(`a text may have at most ${TAGS_MAX} tags`);
    if (mark === undefined) continue;
    if (mark === '/') depth -= open.pop() ?? 0;
    else depth++;
    if (mark === '#' || mark === '^') open.push(1);
    // each branch of a chain is a block inside the one before
    else if (mark !== '/') open.push((open.pop() ?? 0) + 1);
    if (depth > DEPTH_MAX) throw tooDeep();
  }
}

/**
 * Counts what is in a parsed text, and writes into each loop how much one of its rounds runs.
 * @throws RepointError BadRequest for one that is larger or deeper than any message needs, for a decorator other than
 *   `inline`, and for an inline partial that the text does not define
 */
export function measure(program: hbs.AST.Program): Measured {
  const measuring = new Measuring();
  measuring.accept(program);
  measuring.checkPartials();
  const { statements, largestPartial, words } = measuring;
  return { statements, largestPartial, words };
}

class Measuring extends Handlebars.Visitor {
  statements = 0;
  largestPartial = 0;
  readonly words = new Set<string>();
  #depth = 0;
  readonly #defined = new Set<string>();
  readonly #called: { name: string; node: Node }[] = [];

  override accept(node: Node): void {
    if (this.#depth > DEPTH_MAX * NODES_PER_BLOCK) throw tooDeep();
    this.#depth++;
    super.accept(node);
    this.#depth--;
  }

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    this.#count(mustache);
    super.MustacheStatement(mustache);
  }

  override SubExpression(expression: hbs.AST.SubExpression): void {
    this.#count(expression);
    super.SubExpression(expression);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const inside = this.#counted(block, () => super.BlockStatement(block));
    if (isLoop(block)) tellRounds(block, inside);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    this.#count(partial);
    this.#call(partial);
    super.PartialStatement(partial);
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.#call(partial);
    this.#holdsPartial(this.#counted(partial, () => super.PartialBlockStatement(partial)));
  }

  override Decorator(decorator: hbs.AST.Decorator): void {
    throw onlyInline(decorator);
  }

  override DecoratorBlock(block: hbs.AST.DecoratorBlock): void {
    const [name] = block.params;
    if (nameOf(block.path) !== 'inline' || name?.type !== 'StringLiteral') throw onlyInline(block);
    this.#defined.add(nameOf(name) ?? '');
    this.#holdsPartial(this.#counted(block, () => super.DecoratorBlock(block)));
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    if (path.parts.length + path.depth > PATH_PARTS_MAX) {
      throw refused(path, `a path may have at most ${PATH_PARTS_MAX} parts`);
    }
    this.words.add(path.parts[0] ?? '');
  }

  /** `{{"upper" x}}` calls a helper too. */
  override StringLiteral({ value }: hbs.AST.StringLiteral): void {
    this.words.add(value);
  }

  /** Partials whose names are made up while rendering are looked for only then. */
  checkPartials(): void {
    const missing = this.#called.find(({ name }) => !this.#defined.has(name));
    if (missing) throw refused(missing.node, `the inline partial ${missing.name} is not defined`);
  }

  #call(partial: PartialCall): void {
    const name = nameOf(partial.name);
    const hasFallback = partial.type === 'PartialBlockStatement';
    if (name !== undefined && name !== '@partial-block' && !hasFallback) {
      this.#called.push({ name, node: partial });
    }
  }

  #holdsPartial(statements: number): void {
    this.largestPartial = Math.max(this.largestPartial, statements);
  }

  #counted(node: Node, visit: () => void): number {
    const before = this.statements;
    this.#count(node);
    visit();
    return this.statements - before;
  }

  #count(node: Node): void {
    this.statements++;
    if (this.statements > STATEMENTS_MAX) {
      throw refused(node, `a text may have at most ${STATEMENTS_MAX} variables, helpers and blocks`);
    }
  }
}

function nameOf(expression: object | undefined): string | undefined {
  const { original } = (expression ?? {}) as { original?: unknown };
  return original === undefined ? undefined : String(original);
}

/** A helper's name may also be written as a text: `{{#"each" list}}`. */
function isLoop({ path }: hbs.AST.BlockStatement): boolean {
  if (path.type !== 'PathExpression') return nameOf(path) === 'each';
  return path.parts.length === 1 && path.parts[0] === 'each' && path.depth === 0 && !path.data;
}

function tellRounds(block: hbs.AST.BlockStatement, statements: number): void {
  const { loc } = block;
  const value: hbs.AST.NumberLiteral = {
    type: 'NumberLiteral',
    value: statements,
    original: statements,
    loc,
  };
  const pair: hbs.AST.HashPair = { type: 'HashPair', key: ROUND_STATEMENTS, value, loc };
  const others = (block.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
  block.hash = { type: 'Hash', pairs: [...others.filter(({ key }) => key !== ROUND_STATEMENTS), pair], loc };
}

function tooDeep(): RepointError {
  return refusal(`at most ${DEPTH_MAX} blocks may be inside one another`);
}

function onlyInline(node: Node): RepointError {
  return refused(node, 'only inline partials, {{#* inline "name"}} … {{/inline}}, can be defined');
}

function refused(node: Node, message: string): RepointError {
  return refusal(`line ${node.loc.start.line}: ${message}`);
}

function refusal(message: string): RepointError {
  return new RepointError('BadRequest', message);
}
