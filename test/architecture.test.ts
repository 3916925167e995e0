import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const top = 'everything';
const source = path.resolve(import.meta.dirname, '../src');

interface Room {
  /** Folders and single files of src/ (`config` is src/config.ts). */
  readonly members: readonly string[];
  readonly may: ReadonlySet<string>;
  readonly mayTypes: ReadonlySet<string>;
}

/** ARCHITECTURE.md's table, by a room's first member; the entrypoints' row is the last. */
function readTable(): Map<string, Room> {
  const text = readFileSync(path.resolve(source, '../ARCHITECTURE.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const rooms = new Map<string, Room>();
  for (const row of rows) {
    const [names = '', , allowed = ''] = row.split('|').slice(1, -1);
    const members = [...names.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    rooms.set(members[0] ?? '', { members, ...parseAllowed(allowed.trim(), rooms) });
  }
  return rooms;
}

function parseAllowed(text: string, above: ReadonlyMap<string, Room>): Pick<Room, 'may' | 'mayTypes'> {
  if (text === 'nothing') return { may: new Set(), mayTypes: new Set() };
  if (text === 'everything') return { may: new Set([top]), mayTypes: new Set([top]) };
  if (text === 'everything above') return { may: new Set(above.keys()), mayTypes: new Set() };
  const words = text.split(', ').map((word) => word.replace('ground', 'clock'));
  const types = words.filter((word) => word.startsWith('types of ')).map((word) => word.slice(9));
  return { may: new Set(words.filter((word) => !word.startsWith('types of '))), mayTypes: new Set(types) };
}

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const statement =
  /^(?:import|export)\s+(type\s)?([^'";]*?)\s*from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(source, file), 'utf8');
  return [...text.matchAll(statement)].map((match) => {
    const names = /^\{([\s\S]*)\}$/
      .exec(match[2] ?? '')?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const allTypes = names?.every((name) => name.trim().startsWith('type ')) ?? false;
    const written = match[3] ?? match[4] ?? match[5] ?? '';
    const target = written.startsWith('.') ? path.join(path.dirname(file), written) : written;
    return { file, target, typeOnly: match[1] !== undefined || allTypes };
  });
}

const rooms = readTable();
const entrypoints = [...rooms.keys()].at(-1) ?? '';
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const imports = files.flatMap(importsOf);

/** The room of a file of src/; a file at its root that the table does not name is an entrypoint. */
function roomOf(file: string): string {
  const [folder = ''] = file.replace(/\.ts$/, '').split(path.sep);
  for (const [name, room] of rooms) if (room.members.includes(folder)) return name;
  return file.includes(path.sep) ? `unknown room ${folder}` : entrypoints;
}

function isAllowed({ file, target, typeOnly }: Import): boolean {
  const from = rooms.get(roomOf(file));
  const to = roomOf(target);
  if (from === undefined) return false;
  if (roomOf(file) === to || from.may.has(top) || from.may.has(to)) return true;
  return typeOnly && from.mayTypes.has(to);
}

const isLocal = ({ target }: Import) => files.includes(target);
const describeImport = ({ file, target, typeOnly }: Import) =>
  `${file} imports ${typeOnly ? 'types of ' : ''}${target}`;

describe('architecture', () => {
  it('names every folder of src/ in the table of ARCHITECTURE.md', () => {
    expect(files.map(roomOf).filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('lets imports go down only', () => {
    expect(
      imports
        .filter(isLocal)
        .filter((one) => !isAllowed(one))
        .map(describeImport),
    ).toEqual([]);
  });

  it('resolves every relative import to a file of src/', () => {
    const outside = imports.filter((one) => one.target.endsWith('.ts') && !isLocal(one));
    expect(outside.map(describeImport)).toEqual([]);
  });

  it('keeps packages out of domain', () => {
    const packages = imports.filter((one) => roomOf(one.file) === 'domain' && !isLocal(one));
    expect(packages.map(describeImport)).toEqual([]);
  });

  it('keeps every package but the two deterministic ones out of workflows', () => {
    const allowed = ['@temporalio/workflow', '@temporalio/common'];
    const packages = imports.filter((one) => roomOf(one.file) === 'workflows' && !isLocal(one));
    expect(packages.filter((one) => !allowed.includes(one.target)).map(describeImport)).toEqual([]);
  });

  it('leaves talking to the Temporal service to client and the entrypoints', () => {
    const talkers = imports.filter((one) => one.target.startsWith('@temporalio/client'));
    const strangers = talkers.filter((one) => !['client', entrypoints].includes(roomOf(one.file)));
    expect(strangers.map(describeImport)).toEqual([]);
  });
});
