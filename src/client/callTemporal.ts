import type { Client } from '@temporalio/client';

/** Real milliseconds a call to Temporal may take, its own retries included. */
const CALL_MS = 10_000;

/** Makes a call that nothing waits for longer than ten seconds. */
export function callTemporal<T>(temporal: Client, call: () => Promise<T>): Promise<T> {
  return temporal.withDeadline(Date.now() + CALL_MS, call);
}
