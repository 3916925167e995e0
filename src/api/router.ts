import type { HttpMethod, Operation } from '../contract/model/operations.ts';

/** What a method and a raw path lead to. */
export type Route =
  | {
      readonly kind: 'operation';
      readonly operation: Operation;
      readonly labels: ReadonlyMap<string, string>;
    }
  /** The path exists with other methods. */
  | { readonly kind: 'wrongMethod'; readonly allowed: readonly HttpMethod[] }
  /** A label is not percent-encoded UTF-8. */
  | { readonly kind: 'brokenEscape'; readonly segment: string }
  | { readonly kind: 'unknown' };

export type Router = (method: string, rawPath: string) => Route;

interface Node {
  readonly literals: Map<string, Node>;
  label: Node | undefined;
  /** The labels' names are the operation's own: templates that share a node may name them differently. */
  readonly operations: Map<string, Operation>;
}

const labelPattern = /^\{(\w+)\}$/;

/**
 * A trie over the segments of the operations' paths, a literal before a label. It takes the raw request
 * target, so that an id with `%2F` or `..` in it stays one segment and nothing is normalised away.
 */
export function createRouter(operations: readonly Operation[]): Router {
  const root = newNode();
  for (const operation of operations) insert(root, operation);
  return (method, rawPath) => {
    const segments = rawPath.split('/').slice(1);
    const node = find(root, segments, 0);
    if (node === undefined) return { kind: 'unknown' };
    const operation = node.operations.get(method);
    if (operation === undefined) {
      return { kind: 'wrongMethod', allowed: [...node.operations.keys()] as HttpMethod[] };
    }
    return withLabels(operation, segments);
  };
}

function newNode(): Node {
  return { literals: new Map(), label: undefined, operations: new Map() };
}

function insert(root: Node, operation: Operation): void {
  let node = root;
  for (const segment of operation.path.split('/').slice(1)) node = childFor(node, segment);
  const other = node.operations.get(operation.method);
  if (other !== undefined) throw new Error(`${operation.name} and ${other.name} share one route`);
  node.operations.set(operation.method, operation);
}

function childFor(node: Node, segment: string): Node {
  if (labelPattern.test(segment)) {
    node.label ??= newNode();
    return node.label;
  }
  const child = node.literals.get(segment) ?? newNode();
  node.literals.set(segment, child);
  return child;
}

function find(node: Node, segments: readonly string[], index: number): Node | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.operations.size > 0 ? node : undefined;
  const literal = node.literals.get(segment);
  const found = literal === undefined ? undefined : find(literal, segments, index + 1);
  if (found !== undefined || node.label === undefined || segment === '') return found;
  return find(node.label, segments, index + 1);
}

function withLabels(operation: Operation, segments: readonly string[]): Route {
  const labels = new Map<string, string>();
  for (const [index, part] of operation.path.split('/').slice(1).entries()) {
    const name = labelPattern.exec(part)?.[1];
    if (name === undefined) continue;
    const segment = segments[index] ?? '';
    const value = percentDecode(segment);
    if (value === undefined) return { kind: 'brokenEscape', segment };
    labels.set(name, value);
  }
  return { kind: 'operation', operation, labels };
}

/** `undefined` when the text is not percent-encoded UTF-8. A plus sign stays a plus sign. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
