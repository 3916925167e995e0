import type { Command } from 'commander';

/** `repoint api`, `repoint worker` and, where nothing may leave, `repoint mailbox`: the processes of an installation. */
export function addProcessCommands(program: Command): void {
  program
    .command('api')
    .description('run the API until a signal (needs DATABASE_URL and REPOINT_ACCESS_KEYS)')
    .action(async () => {
      const { runApiProcess } = await import('../server.ts');
      await runApiProcess(process.env);
    });
  program
    .command('worker')
    .description('run a worker until a signal (needs DATABASE_URL and TEMPORAL_ADDRESS)')
    .action(async () => {
      const { runWorkerProcess } = await import('../worker.ts');
      await runWorkerProcess(process.env);
    });
  program
    .command('mailbox')
    .description('run the mailbox alone until a signal, for an API and workers with REPOINT_DELIVERY=mailbox')
    .action(async () => {
      const { runMailboxProcess } = await import('../mailbox.ts');
      await runMailboxProcess(process.env);
    });
}
