import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { enumPlaces } from '../../../src/contract/model/enums.ts';
import { operations } from '../../../src/contract/model/operations.ts';
import type { Shape, Struct } from '../../../src/contract/model/shapes.ts';

type Description = {
  operations: Record<string, object>;
  structs: Record<string, Record<string, object>>;
};

/** Our operations in the words of botocoreModel.py. */
function describeOurs(): Description {
  const structs: Description['structs'] = {};
  function describeShape(shape: Shape): string {
    switch (shape.kind) {
      case 'struct':
        remember(shape);
        return `struct ${shape.name}`;
      case 'list':
        return `list of ${describeShape(shape.element)}`;
      case 'map':
        return `map of ${shape.allowedKeys?.toSorted().join('|') ?? 'any'} to ${describeShape(shape.value)}`;
      case 'string':
        return shape.allowed?.toSorted().join('|') ?? 'string';
      default:
        return shape.kind;
    }
  }
  function remember(struct: Struct): void {
    if (structs[struct.name] !== undefined) return;
    const members: Record<string, object> = {};
    structs[struct.name] = members;
    for (const { name, location, wireName, required, shape } of struct.members) {
      members[name] = { location, wireName, required, type: describeShape(shape) };
    }
  }
  const structOf = (struct: Struct) => (struct.members.length > 0 ? describeShape(struct) : 'nothing');
  return {
    operations: Object.fromEntries(
      operations.map(({ name, method, path: template, status, input, output }) => [
        name,
        { method, path: template, status, input: structOf(input), output: structOf(output) },
      ]),
    ),
    structs,
  };
}

const python = process.env.PYTHON ?? 'python3';
const botocoreIsThere =
  process.env.CI === 'true' || spawnSync(python, ['-c', 'import botocore']).status === 0;

describe('the operations', () => {
  it('are the 122 of the SDK', () => {
    expect(operations).toHaveLength(122);
  });

  it.skipIf(!botocoreIsThere)('are the same in botocore: routes, members, types, enumerations', () => {
    const script = path.join(import.meta.dirname, 'botocoreModel.py');
    const printed = spawnSync(python, [script], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    expect(printed.stderr).toBe('');
    const theirs: Description = JSON.parse(printed.stdout);
    const ours = describeOurs();
    expect(ours.operations).toEqual(theirs.operations);
    expect(ours.structs).toEqual(theirs.structs);
    expect(Object.keys(ours.structs).length).toBeGreaterThan(400);
  });

  it('hold enumerations exactly where the SDK declares them', () => {
    const folder = path.resolve(
      import.meta.dirname,
      '../../../node_modules/@aws-sdk/client-pinpoint/dist-types/models',
    );
    const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    const enums = [...read('enums.d.ts').matchAll(/^export declare const (\w+):/gm)].map((match) => match[1]);
    const declared = [read('models_0.d.ts'), read('models_1.d.ts')].flatMap((text) =>
      [...text.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm)].flatMap(([, struct, body = '']) =>
        [...body.matchAll(/^ {4}(\w+)\??: (.+);$/gm)]
          .filter(([, , type = '']) => enums.some((name) => new RegExp(`\\b${name}\\b`).test(type)))
          .map(([, member]) => `${struct}.${member}`),
      ),
    );
    expect([...enumPlaces.keys()].toSorted()).toEqual(declared.toSorted());
  });
});
