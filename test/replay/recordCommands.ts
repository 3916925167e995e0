import {
  proxySinks,
  type Sinks,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

/** A command a workflow gave, with its arguments. */
export type Command = { readonly kind: 'timer' | 'activity' | 'local'; readonly [argument: string]: unknown };

export interface RecorderSinks extends Sinks {
  recorder: { command(command: Command): void };
}

const { recorder } = proxySinks<RecorderSinks>();

/**
 * Tells every command and its arguments: timer lengths, summaries, activity inputs and options. The SDK's own replay
 * compares only kinds and names.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const recording: WorkflowOutboundCallsInterceptor = {
    async startTimer(input, next) {
      recorder.command({ kind: 'timer', milliseconds: input.durationMs, summary: input.options?.summary });
      return await next(input);
    },
    async scheduleActivity(input, next) {
      recorder.command({
        kind: 'activity',
        type: input.activityType,
        args: input.args,
        options: input.options,
      });
      return await next(input);
    },
    async scheduleLocalActivity(input, next) {
      recorder.command({ kind: 'local', type: input.activityType, args: input.args, options: input.options });
      return await next(input);
    },
  };
  return { outbound: [recording] };
};
