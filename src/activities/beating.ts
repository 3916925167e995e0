import { Context } from '@temporalio/activity';

/** Does work that may take long: heartbeats tell that its worker is alive, and bring word that it is to stop. */
export async function beating<T>(everyMs: number, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
