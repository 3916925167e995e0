import { expect, it } from 'vitest';
import { createLog } from '../src/log.ts';
import { startLoop } from '../src/loop.ts';

it('logs a failure once while it repeats, and that it is over', async () => {
  const logged: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (line) => void logged.push(JSON.parse(line)) });
  const failing = ['away', 'away'];
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const loop = startLoop('relay', 0, log, async () => {
    const message = failing.shift();
    if (message !== undefined) throw new Error(message);
    if (logged.length === 2) resolve();
    return 0;
  });
  await over;
  await loop.stop();
  expect(logged).toMatchObject([
    { level: 50, loop: 'relay', failures: 1, err: { message: 'away' } },
    { level: 30, loop: 'relay', failures: 2 },
  ]);
});
