import { type Operation, operations } from '../contract/model/operations.ts';
import { stepSupport } from '../domain/journey/stepSupport.ts';
import type { Handlers } from './handler.ts';

/** docs/coverage.md: which operations of the model answer, and which answer 501. */
export function coverageDocument(handlers: Handlers): string {
  const built = operations.filter((operation) => handlers[operation.name] !== undefined);
  return [
    '# Coverage',
    '',
    'Generated from the table that answers requests (`node scripts/coverage.ts`). Every operation is routed and its',
    'request checked; one that is not built answers 501 `NotImplementedException` with its name.',
    '',
    `**${built.length} of ${operations.length} operations are built.**`,
    '',
    '| operation | request | built |',
    '| --- | --- | --- |',
    ...operations.map((operation) => line(operation, handlers)),
    '',
    '## Steps of a journey',
    '',
    'A step that is passed over is taken, with a warning, and recorded as skipped with the reason.',
    '',
    '| step | what becomes of it |',
    '| --- | --- |',
    ...Object.entries(stepSupport).map(([kind, support]) => `| ${kind} | ${support} |`),
    '',
  ].join('\n');
}

function line(operation: Operation, handlers: Handlers): string {
  const state = handlers[operation.name] === undefined ? 'no: 501' : 'yes';
  return `| ${operation.name} | \`${operation.method} ${operation.path}\` | ${state} |`;
}
