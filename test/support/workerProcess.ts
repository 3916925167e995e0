import { flushCompileCache } from 'node:module';
import { runWorkerProcess } from '../../src/worker.ts';

/** A worker as `repoint worker` runs it, but for the workflows, which were bundled before: `node workerProcess.ts BUNDLE`. */
const [codePath = ''] = process.argv.slice(2);
// one that is killed writes nothing at its end
flushCompileCache();
await runWorkerProcess(process.env, { codePath });
