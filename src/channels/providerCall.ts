import type { SendOutcome } from './channel.ts';
import { DeadlineError, outcomeOf } from './outcome.ts';

/** How long one provider call may take in all, connection and body included. */
export const callTimeoutMs = 10_000;

export type Answered<Answer> = { readonly kind: 'answered'; readonly answer: Answer };

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

interface Stack {
  add(
    middleware: <Next>(next: (args: Next) => Promise<never>) => (args: Next) => Promise<never>,
    options: { step: 'deserialize'; name: string },
  ): void;
}

/**
 * One call of a provider: its answer, or what its failure came to. Never throws and never takes longer than
 * `timeoutMs`.
 * @param command the SDK's command; its last step before the network is watched
 */
export async function callProvider<Answer, Command extends { middlewareStack: unknown }>(
  command: Command,
  send: (command: Command, options: CallOptions) => Promise<Answer>,
  timeoutMs: number = callTimeoutMs,
): Promise<Answered<Answer> | SendOutcome> {
  let left = false;
  (command.middlewareStack as Stack).add(
    (next) => (args) => {
      left = true;
      return next(args);
    },
    { step: 'deserialize', name: 'repointLeaving' },
  );
  const deadline = new AbortController();
  const timer = Promise.withResolvers<never>();
  const timeout = setTimeout(() => {
    timer.reject(new DeadlineError(`no answer within ${timeoutMs} ms`));
    deadline.abort();
  }, timeoutMs);
  try {
    const answer = await Promise.race([send(command, { abortSignal: deadline.signal }), timer.promise]);
    return { kind: 'answered', answer };
  } catch (error) {
    return outcomeOf(error, left);
  } finally {
    clearTimeout(timeout);
  }
}
