import type { Handlers } from './handler.ts';
import { appHandlers } from './routes/apps.ts';

/** Every operation that is built, one line a resource; whatever is missing answers 501 with its name. */
export const handlers: Handlers = {
  ...appHandlers,
};
