import { Client, type ClientOptions } from '@temporalio/client';

/** A real client that tells what is asked of Temporal, and before a start waits for something. */
export function createRecordingClient(
  options: Pick<ClientOptions, 'connection' | 'namespace'>,
  note: (call: string) => void,
  ready: () => Promise<void> = async () => {},
): Client {
  return new Client({
    ...options,
    interceptors: {
      workflow: [
        {
          start: async (input, next) => {
            note(`start ${input.options.workflowId}`);
            await ready();
            return await next(input);
          },
          signalWithStart: (input, next) => {
            note(`start and ${input.signalName} ${input.options.workflowId}`);
            return next(input);
          },
          signal: (input, next) => {
            note(`${input.signalName} ${input.workflowExecution.workflowId}`);
            return next(input);
          },
        },
      ],
    },
  });
}
