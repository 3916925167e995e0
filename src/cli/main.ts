import { Command } from 'commander';
import { describeFailure } from '../runUntilStopped.ts';
import { addConfigCommand } from './config.ts';
import { addJourneyCommands } from './journeys.ts';
import { addMessagesCommand } from './messages.ts';
import { addMigrateCommand } from './migrate.ts';
import { addOutboxCommands } from './outbox.ts';
import { addProcessCommands } from './processes.ts';
import { addSendingCommand } from './sending.ts';
import { addStreamsCommand } from './streams.ts';
import { addSuppressionCommands } from './suppressions.ts';
import { addTemplateCommands } from './templates.ts';

const program = new Command('repoint')
  .description("Amazon Pinpoint's engagement engine, self-hosted.")
  .showHelpAfterError();
addProcessCommands(program);
addMigrateCommand(program);
addConfigCommand(program);
addJourneyCommands(program);
addMessagesCommand(program);
addOutboxCommands(program);
addSendingCommand(program);
addStreamsCommand(program);
addSuppressionCommands(program);
addTemplateCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
