import { entering } from './hotPaths/entering.ts';
import type { HotPath } from './hotPaths/ground.ts';
import { reading } from './hotPaths/reading.ts';
import { sending } from './hotPaths/sending.ts';
import { writes } from './hotPaths/writes.ts';

/** Every query that is asked once for a write, an event, a message or a page, by the functions that ask it. */
export const hotPaths: readonly HotPath[] = [...writes, ...entering, ...sending, ...reading];
