import type { Command } from 'commander';

/** `repoint api` and `repoint worker`: the two processes of a production installation. */
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
}
