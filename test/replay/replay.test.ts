import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietRuntime } from '../../src/testing/quietRuntime.ts';
import { bundleWithRecorder, commandSinks } from '../support/journeyRun.ts';
import { cases } from './cases.ts';
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

/** Replays a history under today's code and answers the commands it gave. */
async function replay(history: unknown): Promise<Command[]> {
  const commands: Command[] = [];
  await Worker.runReplayHistory(
    { workflowBundle, sinks: commandSinks(commands) },
    historyFromJSON(history as never),
  );
  return commands;
}

describe('recorded histories', () => {
  it('has one for each case, and none was removed', () => {
    expect(new Set(recorded)).toEqual(new Set(Object.keys(cases)));
  });

  it.each(recorded)('replays %s with the same commands and arguments', async (name) => {
    const { history, commands } = read(name);
    expect(await replay(history)).toEqual(commands);
  });

  it('would notice a timer of another length', async () => {
    const { history, commands } = read('v1-never-opened');
    const changed = commands.map((command) =>
      command.kind === 'timer' ? { ...command, milliseconds: 1 } : command,
    );
    expect(await replay(history)).not.toEqual(changed);
  });
});
