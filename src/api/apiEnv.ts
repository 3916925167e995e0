import type { HttpBindings } from '@hono/node-server';

/** What every request carries through the app. */
export interface ApiEnv {
  Bindings: HttpBindings;
  Variables: { requestId: string; warnings: string[]; accessKeyId: string };
}
