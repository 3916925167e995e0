import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietRuntime } from '../../src/testing/quietRuntime.ts';
import { bundleWithRecorder, commandSinks } from '../support/journeyRun.ts';
import { cases } from './cases.ts';
import { otherCases } from './otherCases.ts';
import type { Command } from './recordCommands.ts';

const folder = fileURLToPath(new URL('./histories', import.meta.url));
const recorded = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  quietRuntime();
  workflowBundle = await bundleWithRecorder();
}, 60_000);

interface Recording {
  readonly history: unknown;
  readonly commands: readonly Command[];
}

function read(name: string): Recording {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
}

/** Replays a history under today's code, or another, and answers the commands it gave. */
async function replay(history: unknown, bundle = workflowBundle): Promise<Command[]> {
  const commands: Command[] = [];
  await Worker.runReplayHistory(
    { workflowBundle: bundle, sinks: commandSinks(commands) },
    historyFromJSON(history as never),
  );
  return commands;
}

/** Today's code with something changed in it. */
function changed(from: string, to: string): WorkflowBundle {
  const { code } = workflowBundle;
  expect(code.split(from).length - 1, `how often ${from} is in the code`).toBe(1);
  return { ...workflowBundle, code: code.replace(from, to) };
}

describe('recorded histories', () => {
  it('has one for each case, and none was removed', () => {
    expect(new Set(recorded)).toEqual(new Set([...Object.keys(cases), ...Object.keys(otherCases)]));
  });

  it.each(recorded)('replays %s with the same commands and arguments', async (name) => {
    const { history, commands } = read(name);
    expect(await replay(history)).toEqual(commands);
  });
});

describe('a change of the workflows, were it made, fails the replay', () => {
  it.each([
    [
      'the time an activity may take',
      'campaign-expired',
      "startToCloseTimeout: '30 s'",
      "startToCloseTimeout: '31 s'",
    ],
    [
      'what an activity is told',
      'import-whose-storage-is-away',
      "giveUpImport(id, 'unreachable')",
      "giveUpImport(id, 'away')",
    ],
    [
      'how long is waited',
      'campaign-scheduled',
      'opening.until - Date.now()',
      'opening.until - Date.now() + 1',
    ],
    ["a timer's name", 'campaign-scheduled', "'scheduled start'", "'start'"],
  ])('%s', async (_, name, from, to) => {
    const { history, commands } = read(name);
    const given = await replay(history, changed(from, to));
    expect(given.map(({ kind }) => kind)).toEqual(commands.map(({ kind }) => kind));
    expect(given).not.toEqual(commands);
  });

  it.each([
    ['an activity more', 'campaign-expired', "if (is !== 'more')", "if (is === 'never')"],
    ['a wait less', 'life-started-by-events', "if (next.is === 'sleep')", "if (next.is === 'never')"],
  ])('%s', async (_, name, from, to) => {
    await expect(replay(read(name).history, changed(from, to))).rejects.toThrow(DeterminismViolationError);
  });

  it('so does a history that today\u2019s code would not have written', async () => {
    const { history } = read('import-of-six-files');
    const other = JSON.parse(JSON.stringify(history).replaceAll('"importPiece"', '"importFile"'));
    await expect(replay(other)).rejects.toThrow(DeterminismViolationError);
  });
});
