// `npm run bench` lists the benchmarks, `npm run bench -- NAME` runs one. Their figures go to standard output.

interface Benchmark {
  readonly about: string;
  readonly load: () => Promise<{ run(): Promise<void> }>;
}

/** A benchmark is a file here that exports `run`. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  feedback: {
    about: "providers' notifications taken per second, beside the smallest transactions that keep the same",
    load: () => import('./feedback.ts'),
  },
  'journey-cost': {
    about: 'what a participant costs at Temporal, counted from histories; writes its part of docs/costs.md',
    load: () => import('./journeyCost.ts'),
  },
  'journey-entry': {
    about:
      '10,000 members enter one journey while the worker that takes them in is killed; writes docs/costs.md',
    load: () => import('./journeyEntry.ts'),
  },
  'journey-kills': {
    about:
      '500 people pass a journey while its workers are killed 50 times: each message once, or listed as unknown',
    load: () => import('./journeyKills.ts'),
  },
  'journey-throughput': {
    about: 'participants a second through entry and first message, against a floor; writes docs/costs.md',
    load: () => import('./journeyThroughput.ts'),
  },
  'kept-bodies': {
    about: 'what Postgres takes for the text of a message while REPOINT_KEEP_BODIES_DAYS keeps it',
    load: () => import('./keptBodies.ts'),
  },
  'ledger-kills': {
    about:
      '10,000 messages while providers fail and 200 workers are killed: each received once, or listed as unknown',
    load: () => import('./ledgerKills.ts'),
  },
  plans: {
    about: 'the plan and the time of each hot query, over a million endpoints and two million events',
    load: () => import('./plans.ts'),
  },
  rate: {
    about:
      'two workers send as fast as the provider lets them: their joint rate at the far end; writes docs/costs.md',
    load: () => import('./rate.ts'),
  },
  sends: {
    about:
      'what the ledger costs a send and templates cost a rendering, bytes a message; writes docs/costs.md',
    load: () => import('./sends.ts'),
  },
  'waiting-memory': {
    about: "a worker's memory with 1,000 participants waiting and with 5,000; writes docs/costs.md",
    load: () => import('./waitingMemory.ts'),
  },
};

const [name] = process.argv.slice(2);
const chosen = name === undefined ? undefined : benchmarks[name];
if (chosen === undefined) {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`);
  for (const [one, { about }] of Object.entries(benchmarks)) console.log(`${one.padEnd(20)} ${about}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  await (await chosen.load()).run();
}
